/** Which key does what; `settings.keys` ({action: key}) may move any of them. */

export const KEYS = {
  mode: "F1", search: "F2", customer: "F3", price: "F4", hold: "F6", recall: "F7", weigh: "F9",
  drawer: "F10", remove: "Delete", pay: "F12",
};

let keys = KEYS;

export function useKeys(moved) {
  keys = { ...KEYS, ...moved };
}

/** The key of an action as people call it. */
export function keyOf(action) {
  return keys[action];
}

/** The action of a key event, or null. */
export function actionOf(event) {
  return Object.keys(keys).find((action) => keys[action] === event.key) ?? null;
}
