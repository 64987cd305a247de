// The view of one trace: its text or its maps, its curves below, its details in another element.

import { createArcs } from 'upbeat/arcs.js';
import { createCouplings } from 'upbeat/couplings.js';
import { createCurves } from 'upbeat/curves.js';
import { el } from 'upbeat/dom.js';
import { saveCurves } from 'upbeat/export.js';
import { createFlow } from 'upbeat/flow.js';
import { createInspector } from 'upbeat/inspector.js';
import { createMap } from 'upbeat/map.js';
import { createText } from 'upbeat/text.js';

const WIDE = matchMedia('(min-width: 1240px)'); // as in layout.css

/** The parts of a pane in `host` and `details`; `prefix` as for createText. */
export function createPane(host, details, manifest, store, prefix) {
  const [heading, sheet, maps, figures] = ['pane-head', 'text', 'map', 'curves'].map((name) => el('div', { class: name }));
  heading.hidden = true;
  host.append(heading, sheet, maps, figures);
  // The curves come first: the text takes the height that they leave, and needs it to scroll a token into view.
  const curves = createCurves(figures, store, (metric, kind) => saveCurves(manifest, store.get(), [metric], kind),
    prefix === undefined ? (trace) => manifest.runs[trace.run].letter : null, spare); // differences once, in the first pane
  createCouplings(figures, store, curves);
  createFlow(figures, store, curves); // above the couplings
  createArcs(figures, store, curves); // above the flow
  const text = createText(sheet, store, prefix, curves.fit);
  createMap(maps, store);
  createInspector(details, manifest.runs, store, goTo);
  store.on(['view', 'current'], ({ view, current }) => {
    sheet.hidden = view === 'map' && current?.map !== null;
  });

  /** In a wide window a single pane has the window's height. */
  function spare() {
    const whole = WIDE.matches && store.get().other === null && store.get().view !== 'map';
    return whole ? host.clientHeight - heading.offsetHeight - text.height() : 0;
  }

  function goTo(position) {
    const { current } = store.get();
    const token = position - current.promptLength;
    if (token >= 0) {
      store.set({ token });
    } else {
      store.set({ prompt: true });
      text.mark([token]);
      text.reveal(token);
    }
  }

  return { text, zoomBy: curves.zoomBy, heading };
}
