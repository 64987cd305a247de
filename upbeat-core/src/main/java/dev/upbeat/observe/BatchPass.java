package dev.upbeat.observe;

import dev.upbeat.model.AttentionTap;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Finite;
import dev.upbeat.model.Packing;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.BatchSeen.Passed;
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
    BatchSeen watched(TraceBatch batch, Set<Alignment> alignments, boolean keeps, Stopwatch rhythm) {
        KeptAttention kept = keeps ? new KeptAttention(decoder, options.layers()) : null;
        try (PointerScope scope = new PointerScope()) {
            BatchTap tap = new BatchTap(batch, options, decoder.config().heads(), alignments, kept);
            boolean hiddenCosine = options.columns().contains(Observation.HIDDEN_COSINE);
            List<Passed> passed = run(decoder, batch, rhythm.timed(tap), hiddenCosine);
            return new BatchSeen(batch, passed, tap.series(), tap.spans(), tap.receivers(), kept);
        } catch (RuntimeException | Error e) {
            if (kept != null) {
                kept.close();
            }
            throw e;
        }
    }

    /** The q and k of a batch that were not kept: the pass once more, for the layers of the local and global heads. */
    KeptAttention again(TraceBatch batch, HeadGroups groups) {
        KeptAttention kept = new KeptAttention(
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
        return run(decoder, batch, null, false).stream().map(Passed::scores).toList();
    }

    private static List<Passed> run(
            Decoder decoder, TraceBatch batch, @Nullable AttentionTap tap, boolean hiddenCosine) {
        try (PointerScope scope = new PointerScope()) {
            Packing packing = batch.packing(true);
            Tensor hidden = decoder.forward(packing, tap).select(0, 0);
            TokenScores scores = scores(decoder, batch, packing, hidden);
            List<Passed> passed = new ArrayList<>();
            int start = 0;
            for (int b = 0; b < batch.size(); b++) {
                Trace trace = batch.traces().get(b);
                int end = start + trace.responseIds().length;
                float[] logProbs = Arrays.copyOfRange(scores.logProbs(), start, end);
                float[] entropies = Arrays.copyOfRange(scores.entropyNats(), start, end);
                Finite.require(logProbs, "log-probs of trace " + trace.id());
                Finite.require(entropies, "entropies of trace " + trace.id());
                Tensor response = hidden.narrow(0, packing.start(b), end - (long) start);
                passed.add(new Passed(
                        new TokenScores(logProbs, entropies), hiddenCosine ? HiddenCosine.of(response) : null));
                start = end;
            }
            return passed;
        }
    }

    /** Of all responses, one after the other; row t - 1 predicts token t. */
    private static TokenScores scores(Decoder decoder, TraceBatch batch, Packing packing, Tensor hidden) {
        long[] rows = packing.predicting();
        Tensor predicting = hidden.index_select(0, Tensors.of(rows, rows.length));
        return TokenScores.of(decoder, predicting, packing.targets(), packing.everyToken(batch.temperatures()));
    }
}
