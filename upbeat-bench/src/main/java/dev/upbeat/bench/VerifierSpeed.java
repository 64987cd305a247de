package dev.upbeat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.task.math.MathVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Verdicts per second on all processors: in the first pass over the rows, when the JVM is cold, and the median of later
 * passes. {@code VerifierSpeed DATA_DIR}. Half of the responses are right, and each has a page of reasoning before its
 * answer.
 */
public final class VerifierSpeed {
    private static final int PASSES = 7;

    private VerifierSpeed() {}

    /** @param gold answer of the data set */
    private record Case(String gold, String response) {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]);
        System.out.printf(
                "%-12s %10s %14s %14s %14s %12s%n",
                "form", "verdicts", "first pass/s", "median/s", "slowest ms", "threads");
        time("GSM8K-like", gsm8k(VerifierData.rows(data.resolve("gsm8k/test.norm.jsonl"))));
        time("MATH-like", math(VerifierData.rows(data.resolve("math500/test.norm.jsonl"))));
    }

    private static void time(String form, List<Case> cases) {
        double[] rates = new double[PASSES];
        AtomicLong slowest = new AtomicLong();
        for (int pass = 0; pass < PASSES; pass++) {
            boolean warm = pass > 0;
            long start = System.nanoTime();
            IntStream.range(0, cases.size()).parallel().forEach(i -> {
                long begun = System.nanoTime();
                MathVerifier.verify(cases.get(i).gold(), cases.get(i).response());
                if (warm) {
                    slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
                }
            });
            rates[pass] = cases.size() / ((System.nanoTime() - start) * 1e-9);
        }
        double first = rates[0];
        double[] later = java.util.Arrays.copyOfRange(rates, 1, PASSES);
        java.util.Arrays.sort(later);
        System.out.printf(
                "%-12s %10d %14.0f %14.0f %14.1f %12d%n",
                form,
                cases.size(),
                first,
                later[later.length / 2],
                slowest.get() * 1e-6,
                Runtime.getRuntime().availableProcessors());
    }

    private static List<Case> gsm8k(List<JsonNode> rows) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode row : rows) {
            String gold = row.path("answer").asText();
            String work = row.path("solution").asText();
            cases.add(new Case(gold, work + "\n#### " + gold));
            cases.add(new Case(gold, work + "\nThe answer is " + gold + "7 dollars."));
            cases.add(new Case(gold, work + "\nSo the total is \\boxed{" + gold + "}."));
            cases.add(new Case(gold, work + "\nThat makes " + gold + ".5 in all"));
        }
        return cases;
    }

    private static List<Case> math(List<JsonNode> rows) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode row : rows) {
            String gold = row.path("answer").asText();
            String work = row.path("question").asText();
            cases.add(new Case(gold, work + "\nThus $\\boxed{" + VerifierChanged.of(gold) + "}$."));
            cases.add(new Case(gold, work + "\nThus $\\boxed{" + gold + " }$."));
            cases.add(new Case(gold, work + "\nThe final answer is $" + gold + "$."));
            cases.add(new Case(gold, work + "\nWe find $" + VerifierChanged.of(gold) + "$"));
        }
        return cases;
    }
}
