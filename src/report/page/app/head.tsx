/** The head of the page: what was asked, what came of it, and the choice of light or dark. @module */

import { useState } from 'preact/hooks';
import type { PageHead } from '../data.ts';

/** Title, command, notes. */
export function Head({ head, notes }: { readonly head: PageHead; readonly notes: readonly string[] }) {
  return (
    <header>
      <div class="bar">
        <h1>{head.title}</h1>
        <ThemeButton />
      </div>
      <p>
        <code>{head.command}</code>
      </p>
      {[...head.notes, ...notes].map((note) => (
        <p key={note}>{note}</p>
      ))}
    </header>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState<'light' | 'dark' | undefined>(undefined);
  const isDark = theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  const turn = () => {
    const next = isDark ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    setTheme(next);
    dispatchEvent(new Event('themechange'));
  };
  return (
    <button type="button" class="quiet" onClick={turn}>
      {isDark ? 'Light' : 'Dark'}
    </button>
  );
}
