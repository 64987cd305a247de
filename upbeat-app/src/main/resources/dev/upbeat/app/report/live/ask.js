// Ask: a question, and the response with its rhythm as it is written. A finished or stopped response is a trace like those of a
// run: measured, shown, saved, compared.

import { button, el, within } from 'upbeat/dom.js';
import { createAnswer } from 'upbeat/live/answer.js';
import { AWAY, call, CallError, stream } from 'upbeat/live/client.js';
import { keep, kept } from 'upbeat/live/kept.js';
import { showReport } from 'upbeat/live/reading.js';
import { createSave } from 'upbeat/live/save.js';
import { count } from 'upbeat/numbers.js';

export const title = 'Ask';

const ENDS = {
  stop: 'The model ended its answer',
  length: 'The answer has the most tokens that it may have',
  timeout: 'The server ended the answer, because it took longer than --timeout',
  stopped: 'You stopped the answer',
};

/** Whether the navigation offers the view. `info` is the answer of `/v1/info`. */
export const offered = (info) => info.model !== null;

/** Fills an element until `signal` aborts; `app` as in app.js. */
export async function show(host, rest, app, signal) {
  const { model, runs } = app.info;
  if (!model) {
    host.append(el('p', { class: 'note empty' }, 'This server has no model to ask. Start it with upbeat serve MODEL.'));
    return;
  }
  const question = el('textarea', {
    id: 'question', rows: 2, required: true, 'aria-label': 'Question', spellcheck: 'false',
    placeholder: model.chat_template ? 'Ask the model something' : 'Text that the model continues, exactly as typed', title: 'Ctrl+Enter asks',
  });
  const options = sampling(model);
  const start = el('button', { class: 'push', type: 'submit' }, 'Ask');
  const stop = button('Stop', () => writing?.abort(), { class: 'push', id: 'stop', hidden: true });
  const says = el('p', { class: 'outcome', role: 'status' });
  const after = el('div', { class: 'after' });
  const form = el('form', { class: 'ask' }, question, el('div', { class: 'tools' }, start, stop, options.element), el('div', { class: 'tools' }, says, after));
  const paper = el('div', { class: 'answer' });
  host.classList.add('asking');
  host.append(form, paper);
  let writing = null; // AbortController of the response that is written
  let shown = new AbortController(); // of what the paper shows

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!writing) {
      ask();
    }
  });
  question.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    }
  });
  signal.addEventListener('abort', () => {
    writing?.abort();
    shown.abort();
  });
  const last = kept().at(-1);
  if (last) {
    question.value = last.question;
    await present(last, shown).catch((error) => shown.signal.aborted || failed(error));
  } else {
    question.focus();
  }

  /** Writes a response to the question, then measures and shows it. */
  async function ask() {
    const mine = clear();
    writing = new AbortController();
    start.hidden = true;
    stop.hidden = false;
    const answer = within(mine.signal, () => createAnswer(paper, (text) => {
      says.textContent = text;
    }));
    const { temperature, ...others } = options.read();
    try {
      const end = await write(answer, { temperature, ...others }).finally(() => {
        answer.finish();
        writing = null;
        start.hidden = false;
        stop.hidden = true;
      });
      if (answer.ids.length) {
        says.textContent = `${ENDS[end]}. Measuring it\u2026`;
        const trace = { prompt_ids: answer.start.prompt_ids, response_ids: answer.ids, temperature };
        await present(keep({ question: question.value, end, groups: answer.start.groups, trace }), mine);
      } else {
        says.textContent = `${ENDS[end]} before its first token.`;
      }
    } catch (error) {
      if (!mine.signal.aborted) {
        failed(error);
      }
    }
  }

  /** Resolves to how the response ended: a key of ENDS. */
  async function write(answer, sampled) {
    const asked = model.chat_template ? { messages: [{ role: 'user', content: question.value }] } : { prompt: question.value };
    const { signal: stopped } = writing;
    try {
      for await (const { event, data } of stream('/v1/generate', { body: { ...asked, ...sampled }, signal: stopped })) {
        if (event === 'error') {
          throw new CallError('The server failed while it wrote the answer; its log has the reason.', 500);
        }
        answer.add(event, data);
        if (event === 'done') {
          return data.finish;
        }
      }
      throw new CallError(AWAY, 0);
    } catch (error) {
      if (stopped.aborted) {
        return 'stopped';
      }
      throw error;
    }
  }

  /** Measures a response and shows it as in the report, on the paper of `mine`. */
  async function present({ id, trace, groups, end }, mine) {
    const report = await call('/v1/observe', { body: { report: true, groups, traces: [{ id, ...trace }] }, signal: mine.signal });
    says.textContent = `${ENDS[end]}: ${count(trace.response_ids.length, 'token')}.`;
    after.replaceChildren(...(runs ? [createSave([{ id, ...trace }], groups)] : []), el('a', { href: '#/compare' }, 'Compare checkpoints'));
    await showReport(paper, report, mine.signal);
  }

  /** Ends what the paper shows, and returns the AbortController of what comes. */
  function clear() {
    shown.abort();
    shown = new AbortController();
    says.textContent = '';
    after.replaceChildren();
    return shown;
  }

  function failed(error) {
    if (!(error instanceof CallError)) {
      throw error;
    }
    says.textContent = sentence(error);
  }
}

/** What a failure means for the one who asks. */
function sentence({ status, message }) {
  if (status === 0) {
    return 'The server went away. What it wrote stays here; ask again when it is back.';
  }
  if (status === 429) {
    return 'The server is busy with other requests. Ask again in a moment.';
  }
  if (status === 503) {
    return 'The server is loading weights. Ask again in a moment.';
  }
  return message;
}

/** Temperature, seed and length, folded away; read() gives them as `/v1/generate` takes them. */
function sampling({ context }) {
  const field = (label, name, attributes) => el('label', {}, label, ' ', el('input', { type: 'number', name, required: true, ...attributes }));
  const temperature = field('temperature', 'temperature', { value: 0.7, min: 0, max: 5, step: 'any' });
  const seed = field('seed', 'seed', { value: 0, step: 1, min: 0, max: Number.MAX_SAFE_INTEGER });
  const length = field('most tokens', 'length', { value: Math.min(256, context - 1), min: 1, max: context, step: 1 });
  const summary = el('summary', {});
  const value = (label) => label.querySelector('input').value;
  const element = el('details', { class: 'sampling' }, summary, temperature, seed, length);
  const say = () => {
    summary.textContent = `temperature ${value(temperature)} \u00b7 seed ${value(seed)} \u00b7 at most ${count(Number(value(length)), 'token')}`;
  };
  element.addEventListener('input', say);
  element.addEventListener('invalid', () => {
    element.open = true; // or the browser could not show what is wrong
  }, true);
  say();
  return {
    element,
    read: () => ({ temperature: Number(value(temperature)), seed: Number(value(seed)), max_new_tokens: Number(value(length)) }),
  };
}
