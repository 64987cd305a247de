package dev.upbeat.observe;

import dev.upbeat.model.AttentionHook;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Finite;
import dev.upbeat.model.Packing;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.BatchResult.TokenResults;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Forward pass of one batch, with or without its rhythm. The caller turns autograd off. */
final class BatchPass {
    private final Decoder decoder;
    private final RhythmOptions options;

    BatchPass(Decoder decoder, RhythmOptions options) {
        this.decoder = decoder;
        this.options = options;
    }

    /**
     * Measures a batch.
     *
     * @param alignments alignments to measure
     * @param saveAttention whether q and k are saved, for mean maps
     * @param rhythmTime adds up the time that the rhythm takes
     * @return to be closed by the caller
     */
    BatchResult measure(TraceBatch batch, Set<Alignment> alignments, boolean saveAttention, TotalTime rhythmTime) {
        SavedAttention saved = saveAttention
                ? new SavedAttention(
                        decoder, options.layers(), options.settings().weights())
                : null;
        try (PointerScope scope = new PointerScope()) {
            RhythmHook hook = new RhythmHook(batch, options, decoder.config().heads(), alignments, saved, rhythmTime);
            boolean hiddenCosine = options.extras().columns().contains(Observation.HIDDEN_COSINE);
            List<TokenResults> tokens = run(decoder, batch, hook, hiddenCosine);
            return new BatchResult(batch, tokens, hook.series(), hook.spans(), hook.receivers(), saved);
        } catch (RuntimeException | Error e) {
            if (saved != null) {
                saved.close();
            }
            throw e;
        }
    }

    /**
     * Runs the pass again to compute the attention of a batch whose q and k were not saved, for the layers with local
     * or global heads, or for all if a column needs them.
     */
    SavedAttention recomputeAttention(TraceBatch batch, HeadGroups groups) {
        SavedAttention saved = new SavedAttention(
                decoder,
                options.extras().readsAllHeads()
                        ? options.layers()
                        : Stream.concat(groups.local().stream(), groups.global().stream())
                                .map(Head::layer)
                                .distinct()
                                .toList(),
                options.settings().weights());
        try (PointerScope scope = new PointerScope()) {
            decoder.forward(batch.packing(true), saved);
            return saved;
        } catch (RuntimeException | Error e) {
            saved.close();
            throw e;
        }
    }

    /** Log-probs and entropies only, [B]. */
    static List<TokenScores> scores(Decoder decoder, TraceBatch batch) {
        return run(decoder, batch, null, false).stream()
                .map(TokenResults::scores)
                .toList();
    }

    private static List<TokenResults> run(
            Decoder decoder, TraceBatch batch, @Nullable AttentionHook hook, boolean hiddenCosine) {
        try (PointerScope scope = new PointerScope()) {
            Packing packing = batch.packing(true);
            Tensor hidden = decoder.forward(packing, hook).select(0, 0);
            TokenScores scores = scores(decoder, batch, packing, hidden);
            List<TokenResults> tokens = new ArrayList<>();
            int start = 0;
            for (int b = 0; b < batch.size(); b++) {
                Trace trace = batch.traces().get(b);
                int end = start + trace.responseIds().length;
                float[] logProbs = Arrays.copyOfRange(scores.logProbs(), start, end);
                float[] entropies = Arrays.copyOfRange(scores.entropyNats(), start, end);
                Finite.require(logProbs, "log-probs of trace " + trace.id());
                Finite.require(entropies, "entropies of trace " + trace.id());
                Tensor response = hidden.narrow(0, packing.start(b), end - (long) start);
                tokens.add(new TokenResults(
                        new TokenScores(logProbs, entropies), hiddenCosine ? HiddenCosine.of(response) : null));
                start = end;
            }
            return tokens;
        }
    }

    /** Log-probs and entropies of all responses, one after the other. Row t - 1 predicts token t. */
    private static TokenScores scores(Decoder decoder, TraceBatch batch, Packing packing, Tensor hidden) {
        long[] rows = packing.predictingTokens();
        Tensor predicting = hidden.index_select(0, Tensors.of(rows, rows.length));
        return TokenScores.of(decoder, predicting, packing.targets(), packing.repeatPerToken(batch.temperatures()));
    }
}
