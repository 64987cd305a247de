// The responses of this visit: what Ask wrote, and Compare can take.

const all = [];

/** Keeps {question, end, groups, trace: {prompt_ids, response_ids, temperature}}, and gives it an id. */
export function keep(response) {
  all.push({ id: `answer-${all.length + 1}`, ...response });
  return all.at(-1);
}

export function kept() {
  return all;
}
