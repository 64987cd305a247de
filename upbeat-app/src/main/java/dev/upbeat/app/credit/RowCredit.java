package dev.upbeat.app.credit;

import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditBatch;
import dev.upbeat.store.SeriesRow;
import dev.upbeat.store.TraceFile;
import dev.upbeat.trace.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of one response.
 *
 * @param id of its row
 * @param gamma [T]
 * @param phases the weights of successive updates, which add up to gamma, [phases][T]
 */
public record RowCredit(String id, float[] gamma, float[][] phases) {
    /**
     * The same weights that training gives: the rows of one step are its batch.
     *
     * @param rows that have all that the credit needs
     * @return in the rows' order
     */
    public static List<RowCredit> of(Credit credit, List<SeriesRow> rows, long seed) {
        Map<Long, List<Integer>> steps = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            steps.computeIfAbsent(rows.get(i).step(), step -> new ArrayList<>()).add(i);
        }
        RowCredit[] all = new RowCredit[rows.size()];
        steps.forEach((step, indices) -> {
            CreditBatch batch =
                    batch(seed, step, indices.stream().map(rows::get).toList());
            float[][] gamma = credit.gamma(batch);
            List<float[][]> phases = credit.phases(batch);
            for (int b = 0; b < gamma.length; b++) {
                int place = b;
                float[][] own = phases.stream().map(phase -> phase[place]).toArray(float[][]::new);
                all[indices.get(b)] = new RowCredit(batch.ids().get(b), gamma[b], own);
            }
        });
        return List.of(all);
    }

    private static CreditBatch batch(long seed, long step, List<SeriesRow> rows) {
        float[] advantages = new float[rows.size()];
        for (int b = 0; b < advantages.length; b++) {
            Double given = rows.get(b).advantage();
            advantages[b] = given == null ? Float.NaN : given.floatValue();
        }
        return new CreditBatch(
                seed,
                step,
                rows.stream().map(SeriesRow::id).toList(),
                rows.stream().map(RowCredit::seen).toList(),
                advantages);
    }

    /** A series that the row does not have is undefined throughout: the credit does not need it. */
    private static Observation seen(SeriesRow row) {
        float[] undefined = new float[row.tokens()];
        Arrays.fill(undefined, Float.NaN);
        Map<String, float[]> series = row.series();
        Map<String, float[]> further = new LinkedHashMap<>(series);
        further.keySet().removeAll(TraceFile.SERIES);
        return new Observation(
                series.getOrDefault("log_prob", undefined),
                series.getOrDefault("entropy_nats", undefined),
                series.getOrDefault("waad", undefined),
                series.getOrDefault("fai", undefined),
                series.get("receiver_fai"),
                null,
                null,
                further);
    }
}
