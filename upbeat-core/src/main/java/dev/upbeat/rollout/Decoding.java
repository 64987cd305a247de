package dev.upbeat.rollout;

import dev.upbeat.model.Decoder;
import dev.upbeat.model.KvCache;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Batched decoding: each step draws the next token of every unfinished response.
 *
 * @param listener receives each token
 * @param responses receives each finished response, at the number of its prompt
 */
record Decoding(Decoder decoder, Sampling sampling, Generator.Listener listener, Response[] responses) {
    /** A response that is not finished. */
    static final class Draft {
        private final int prompt;
        private final int[] ids;
        private final float[] logProbs;
        private int length;

        /**
         * @param prompt number of its prompt
         * @param most maximum number of tokens of the response
         */
        Draft(int prompt, int most) {
            this.prompt = prompt;
            this.ids = new int[most];
            this.logProbs = new float[most];
        }

        private void add(int id, float logProb) {
            ids[length] = id;
            logProbs[length] = logProb;
            length++;
        }

        private boolean isFull() {
            return length == ids.length;
        }

        private Response finish(boolean stopped) {
            return new Response(Arrays.copyOf(ids, length), Arrays.copyOf(logProbs, length), stopped);
        }
    }

    /**
     * Draws token by token until every draft is finished.
     *
     * @param cache keys and values of the tokens before the first step, one row per draft
     * @param firsts input token of each row in the first step
     */
    void run(KvCache cache, long[] firsts, List<Draft> unfinished) {
        Sampler sampler = new Sampler(sampling);
        List<Draft> drafts = unfinished;
        long[] last = firsts;
        for (int step = 0; !drafts.isEmpty(); step++) {
            int[] prompts = drafts.stream().mapToInt(draft -> draft.prompt).toArray();
            Sampler.Drawn drawn;
            try (PointerScope scope = new PointerScope()) {
                drawn = sampler.draw(next(last, cache), prompts, step);
            }
            int[] rows = append(drafts, drawn);
            if (0 < rows.length && rows.length < prompts.length) {
                cache.selectRows(rows);
            }
            last = Arrays.stream(rows).mapToLong(row -> drawn.ids()[row]).toArray();
            drafts = Arrays.stream(rows).mapToObj(drafts::get).toList();
        }
    }

    /** Runs the last token of each row, [B], and returns the logits of the next: f32, [B, V]. */
    private Tensor next(long[] last, KvCache cache) {
        return decoder.logits(decoder.step(Tensors.of(last, last.length, 1), cache))
                .squeeze(1);
    }

    /** Adds a token to every draft and finishes those that end; returns the rows of the others. */
    private int[] append(List<Draft> drafts, Sampler.Drawn drawn) {
        List<Integer> others = new ArrayList<>();
        for (int row = 0; row < drafts.size(); row++) {
            Draft draft = drafts.get(row);
            int id = (int) drawn.ids()[row];
            draft.add(id, drawn.logProbs()[row]);
            listener.drawn(draft.prompt, id);
            boolean stopped = sampling.stopIds().contains(id);
            if (stopped || draft.isFull()) {
                responses[draft.prompt] = draft.finish(stopped);
            } else {
                others.add(row);
            }
        }
        return others.stream().mapToInt(Integer::intValue).toArray();
    }
}
