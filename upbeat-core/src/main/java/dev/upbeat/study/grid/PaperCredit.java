package dev.upbeat.study.grid;

import dev.upbeat.credit.CreditOptions;
import dev.upbeat.credit.Strategy;
import dev.upbeat.train.config.CreditConfig;
import dev.upbeat.train.config.CriticConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The paper's number for a method of a grid. It is shown only if the method has the credit that it was measured with: a method
 * named after a strategy must have that strategy with its defaults, any other method the defaults of its strategy except for
 * the options that it sets itself.
 *
 * @param value percent; null if the paper has none or the credit differs
 * @param note remark on the value or its absence; null for none
 */
record PaperCredit(@Nullable Double value, @Nullable String note) {
    static final PaperCredit NONE = new PaperCredit(null, null);

    /** @param config with a column of the paper */
    static PaperCredit of(GridConfig config, String task, String method) throws IOException {
        String column = Objects.requireNonNull(config.paper(), "a column");
        return of(config, task, method, PaperResults.of(column, method, task));
    }

    /** The paper's number for one of several benchmarks, without a note: the average has it. */
    static PaperCredit ofBenchmark(GridConfig config, String task, String method, String benchmark) throws IOException {
        String column = Objects.requireNonNull(config.paper(), "a column");
        PaperCredit credit = of(config, task, method, PaperResults.ofBenchmark(column, method, benchmark));
        return new PaperCredit(credit.value(), null);
    }

    /** @param printed the paper's number; null if it has none */
    private static PaperCredit of(GridConfig config, String task, String method, @Nullable Double printed)
            throws IOException {
        String column = Objects.requireNonNull(config.paper(), "a column");
        if (printed == null) {
            return new PaperCredit(null, PaperResults.note(column, method));
        }
        Map<String, Object> credit = new LinkedHashMap<>(config.credit(task, method));
        String strategy = named(method) ? method : String.valueOf(credit.get("strategy"));
        if (Strategy.of(strategy).reads("gamma") || Strategy.of(strategy).reads("class")) {
            return NONE; // not a strategy of the paper
        }
        Map<String, Object> usual =
                new LinkedHashMap<>(new CreditConfig(CreditOptions.of(strategy), null, CriticConfig.USUAL).inUse());
        if (!named(method)) {
            for (String key :
                    Objects.requireNonNull(config.methods().get(method)).creditKeys()) {
                credit.remove(key);
                usual.remove(key);
            }
        }
        return credit.equals(usual)
                ? new PaperCredit(printed, PaperResults.note(column, method))
                : new PaperCredit(null, "the paper's " + printed + " is of " + GridConfig.words(usual));
    }

    private static boolean named(String method) {
        return Arrays.stream(Strategy.values())
                .anyMatch(strategy -> strategy.toString().equals(method));
    }
}
