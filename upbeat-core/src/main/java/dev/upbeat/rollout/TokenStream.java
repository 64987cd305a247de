package dev.upbeat.rollout;

import dev.upbeat.model.Decoder;
import dev.upbeat.model.KvCache;
import dev.upbeat.model.StepHook;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Writes one response, token by token, with the attention of each token. Its tokens are those of {@link Generator}. */
public final class TokenStream {
    private final Decoder decoder;
    private final Sampling sampling;

    public TokenStream(Decoder decoder, Sampling sampling) {
        this.decoder = decoder;
        this.sampling = sampling;
    }

    /** Receives the tokens, and the attention of each before the next token is drawn. */
    public interface Listener extends StepHook {
        /**
         * Called for each token.
         *
         * @param logProb log-probability of the token, nats
         * @return false to end the response
         */
        boolean drawn(int id, float logProb);

        /** Called when all layers of the row of the latest token were given. */
        void attended();
    }

    /**
     * Writes the response to a prompt until a stop token, the most tokens or the listener's end.
     *
     * @param prompt token ids, [P], P >= 1
     * @throws dev.upbeat.io.BadInputException if the prompt leaves no room for a response
     */
    public void write(int[] prompt, Listener listener) {
        decoder.config().requireRoom(prompt, "the prompt");
        int most = TokenBudget.most(prompt, sampling, decoder.config());
        int before = prompt.length - 1;
        try (AutoGradMode noGrad = new AutoGradMode(false);
                KvCache cache = new KvCache(decoder.config(), new int[] {before})) {
            if (before > 0) {
                long[] ids = Arrays.stream(prompt, 0, before).asLongStream().toArray();
                Scoped.run(() -> decoder.prefill(Tensors.of(ids, 1, before), new int[] {1}, cache, 0));
            }
            Sampler sampler = new Sampler(sampling);
            long last = prompt[before];
            for (int t = 0; t < most; t++) {
                Sampler.Drawn drawn = next(last, cache, t == 0 ? null : listener, sampler, t);
                if (t > 0) {
                    listener.attended();
                }
                last = drawn.ids()[0];
                if (!listener.drawn((int) last, drawn.logProbs()[0])) {
                    return;
                }
                if (sampling.stopIds().contains((int) last)) {
                    break;
                }
            }
            next(last, cache, listener, null, 0);
            listener.attended();
        }
    }

    /**
     * Runs a token and draws the next.
     *
     * @param sampler null to draw none
     */
    private Sampler.Drawn next(long last, KvCache cache, @Nullable StepHook hook, @Nullable Sampler sampler, int step) {
        try (PointerScope scope = new PointerScope()) {
            Tensor hidden = decoder.step(Tensors.of(new long[] {last}, 1, 1), cache, hook);
            return sampler == null
                    ? new Sampler.Drawn(new long[0], new float[0])
                    : sampler.draw(decoder.logits(hidden).squeeze(1), new int[] {0}, step);
        }
    }
}
