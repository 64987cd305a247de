package dev.upbeat.app.credit;

import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditMetrics;
import dev.upbeat.store.SeriesRow;
import dev.upbeat.store.TraceFile;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The credit of one response.
 *
 * @param id of its row
 * @param gamma weight of each token in all updates together, [T]
 * @param updates weight of each token in each update, [updates][T]
 */
public record RowCredit(String id, float[] gamma, float[][] updates) {
    /**
     * The weights that training would give: the rows of one step are its batch.
     *
     * @param rows with all series that the credit needs
     * @return in the rows' order
     */
    public static List<RowCredit> of(Credit credit, List<SeriesRow> rows, long seed) {
        Map<Long, List<Integer>> steps = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            steps.computeIfAbsent(rows.get(i).step(), step -> new ArrayList<>()).add(i);
        }
        RowCredit[] all = new RowCredit[rows.size()];
        steps.forEach((number, indices) -> {
            List<RowCredit> ofStep = of(
                    credit, step(seed, number, indices.stream().map(rows::get).toList()));
            for (int i = 0; i < indices.size(); i++) {
                all[indices.get(i)] = ofStep.get(i);
            }
        });
        return List.of(all);
    }

    /** The weights of each response of a step, in their order. */
    public static List<RowCredit> of(Credit credit, Step step) {
        List<Update> updates = credit.apply(step);
        List<RowCredit> credits = new ArrayList<>();
        for (int i = 0; i < step.size(); i++) {
            int response = i;
            float[][] each = updates.stream()
                    .map(update -> weights(CreditMetrics.gamma(List.of(update), response)))
                    .toArray(float[][]::new);
            credits.add(new RowCredit(step.ids().get(i), weights(CreditMetrics.gamma(updates, i)), each));
        }
        return credits;
    }

    private static float[] weights(float @Nullable [] gamma) {
        return Objects.requireNonNull(gamma, "only strategies with weights can be printed");
    }

    /** All rows as one step, for credit that weights each response by itself. */
    public static Step step(long seed, List<SeriesRow> rows) {
        return step(seed, 1, rows);
    }

    private static Step step(long seed, long number, List<SeriesRow> rows) {
        float[] advantages = new float[rows.size()];
        for (int i = 0; i < advantages.length; i++) {
            Double given = rows.get(i).advantage();
            advantages[i] = given == null ? Float.NaN : given.floatValue();
        }
        return Step.measured(
                seed,
                number,
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
