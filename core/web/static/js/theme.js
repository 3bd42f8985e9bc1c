// Sets the theme before the first paint: the person's choice, or the system's as long as it lasts.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const choice = root.dataset.theme;
    root.dataset.bsTheme = choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", paint);
  paint();
})();
