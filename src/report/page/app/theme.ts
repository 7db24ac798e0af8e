/** Colours as the style sheet has them, for what is drawn without it. @module */

/** The colour of a state. */
export function stateColor(state: string): string {
  return colorOf(`--${state.replace('|', '-')}`);
}

/** A colour by the name of its variable. */
export function colorOf(name: string): string {
  // A variable holds the colours of both schemes; which one counts is known where it is used.
  const sample = document.createElement('span');
  sample.style.color = `var(${name})`;
  document.body.append(sample);
  const { color } = getComputedStyle(sample);
  sample.remove();
  return color;
}

/** Calls back whenever colours change, until what it returns is called. */
export function onTheme(paint: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  addEventListener('themechange', paint);
  scheme.addEventListener('change', paint);
  return () => {
    removeEventListener('themechange', paint);
    scheme.removeEventListener('change', paint);
  };
}
