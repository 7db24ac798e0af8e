/**
 * The page: reads what stands in it, and shows it.
 *
 * @module
 */

import { render } from 'preact';
import { ChangesPage } from './changes-page.tsx';
import { load } from './load.ts';
import { ScanPage } from './scan-page.tsx';
import './style.css';

const app = document.getElementById('app') as HTMLElement;

load().then(
  (loaded) => {
    app.textContent = '';
    render(loaded.kind === 'scan' ? <ScanPage {...loaded} /> : <ChangesPage {...loaded} />, app);
  },
  (error: unknown) => {
    const line = document.createElement('p');
    line.textContent = `This report cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    app.append(line);
  },
);
