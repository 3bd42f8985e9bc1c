/** A short sound for "read" and another for "not read"; off unless the setting asks for them. */

const TONES = { ok: [1320, 0.06], bad: [220, 0.25] };
let context = null;
let enabled = false;

export function useSounds(wanted) {
  enabled = Boolean(wanted);
}

export function sound(kind) {
  if (!enabled) return;
  context ??= new AudioContext();
  const [pitch, seconds] = TONES[kind];
  const voice = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.08;
  voice.frequency.value = pitch;
  voice.connect(volume).connect(context.destination);
  voice.start();
  voice.stop(context.currentTime + seconds);
}
