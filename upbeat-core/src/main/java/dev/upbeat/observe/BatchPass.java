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

/** Takes one batch through the decoder, watched or not; without gradients where the caller has switched them off. */
final class BatchPass {
    private final Decoder decoder;
    private final RhythmOptions options;

    BatchPass(Decoder decoder, RhythmOptions options) {
        this.decoder = decoder;
        this.options = options;
    }

    /**
     * @param alignments that are read
     * @param keeps whether q and k are kept for mean maps
     * @param rhythm told the time that watching takes
     * @return to be closed
     */
    BatchResult watched(TraceBatch batch, Set<Alignment> alignments, boolean keeps, TotalTime rhythm) {
        SavedAttention kept = keeps ? new SavedAttention(decoder, options.layers()) : null;
        try (PointerScope scope = new PointerScope()) {
            RhythmHook hook = new RhythmHook(batch, options, decoder.config().heads(), alignments, kept);
            boolean hiddenCosine = options.extras().columns().contains(Observation.HIDDEN_COSINE);
            List<TokenResults> passed = run(decoder, batch, rhythm.timed(hook), hiddenCosine);
            return new BatchResult(batch, passed, hook.series(), hook.spans(), hook.receivers(), kept);
        } catch (RuntimeException | Error e) {
            if (kept != null) {
                kept.close();
            }
            throw e;
        }
    }

    /** The q and k of a batch that were not kept: the pass once more, for the layers of the local and global heads. */
    SavedAttention again(TraceBatch batch, HeadGroups groups) {
        SavedAttention kept = new SavedAttention(
                decoder,
                Stream.concat(groups.local().stream(), groups.global().stream())
                        .map(Head::layer)
                        .distinct()
                        .toList());
        try (PointerScope scope = new PointerScope()) {
            decoder.forward(batch.packing(true), kept);
            return kept;
        } catch (RuntimeException | Error e) {
            kept.close();
            throw e;
        }
    }

    /** Log-probs and entropies alone, [B]. */
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
            List<TokenResults> passed = new ArrayList<>();
            int start = 0;
            for (int b = 0; b < batch.size(); b++) {
                Trace trace = batch.traces().get(b);
                int end = start + trace.responseIds().length;
                float[] logProbs = Arrays.copyOfRange(scores.logProbs(), start, end);
                float[] entropies = Arrays.copyOfRange(scores.entropyNats(), start, end);
                Finite.require(logProbs, "log-probs of trace " + trace.id());
                Finite.require(entropies, "entropies of trace " + trace.id());
                Tensor response = hidden.narrow(0, packing.start(b), end - (long) start);
                passed.add(new TokenResults(
                        new TokenScores(logProbs, entropies), hiddenCosine ? HiddenCosine.of(response) : null));
                start = end;
            }
            return passed;
        }
    }

    /** Of all responses, one after the other; row t - 1 predicts token t. */
    private static TokenScores scores(Decoder decoder, TraceBatch batch, Packing packing, Tensor hidden) {
        long[] rows = packing.predictingTokens();
        Tensor predicting = hidden.index_select(0, Tensors.of(rows, rows.length));
        return TokenScores.of(decoder, predicting, packing.targets(), packing.repeatPerToken(batch.temperatures()));
    }
}
