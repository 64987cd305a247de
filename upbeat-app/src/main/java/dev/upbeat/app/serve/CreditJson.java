package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.credit.CreditKey;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.credit.Strategy;
import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields {@code strategy} and {@code options} of a request: those of {@code upbeat credit}. */
final class CreditJson {
    /** Strategies that a request cannot name, with the reason. */
    private static final Map<Strategy, String> REFUSED = Map.of(
            Strategy.CLASS, "names a class of the server",
            Strategy.COLUMN, "names a column, and a request has none; multiply by your own weights",
            Strategy.CAPO, "needs groups of scored responses and a judge, which only a training has",
            Strategy.THINKPRM, "needs the scores of a judge, which only a training has",
            Strategy.GRADIENT, "needs gradient_norm, which only a training measures");

    private static final Set<CreditKey> WHOLE = Set.of(CreditKey.LOOKBACK);

    /** Keys of which a value is a word or a number. */
    private static final Set<CreditKey> TEXTS =
            Set.of(CreditKey.AMPLIFICATION_NEGATIVE, CreditKey.TAU_WAAD, CreditKey.TAU_DELTA);

    /** Keys of a class, a column or a judge. */
    private static final Set<CreditKey> FOREIGN = Set.of(
            CreditKey.CLASS,
            CreditKey.COLUMN,
            CreditKey.CRITIQUES,
            CreditKey.VOTE,
            CreditKey.OUTCOME_REWARD,
            CreditKey.STEP_PENALTY);

    private CreditJson() {}

    /** @throws BadInputException if the strategy or an option is unknown, refused or out of range */
    static CreditOptions options(JsonNode strategy, JsonNode options) {
        if (!strategy.isTextual()) {
            throw new BadInputException("strategy is "
                    + (strategy.isMissingNode() ? "missing" : JsonReading.shown(strategy))
                    + "; expected a name such as \"coupled-rhythm\"");
        }
        Strategy known = Strategy.of(JsonReading.quoted(strategy.textValue(), 80));
        if (REFUSED.containsKey(known)) {
            throw new BadInputException("strategy " + known + " " + REFUSED.get(known)
                    + "; the service does not take it: choose another strategy");
        }
        if (!options.isMissingNode() && !options.isObject()) {
            throw new BadInputException("options is " + JsonReading.shown(options) + "; expected an object");
        }
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        options.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                given.put(field.getKey(), value(key(field.getKey()), field.getValue()));
            }
        });
        if ("all".equals(given.get("heads"))) {
            throw new BadInputException("credit: heads is all; expected targeted or receivers, because the service"
                    + " measures local, global and receiver heads");
        }
        CreditOptions read = new CreditOptions(known.toString(), given);
        read.unread().stream().findFirst().ifPresent(key -> {
            throw new BadInputException(
                    "strategy " + known + " does not read " + key + "; leave it out, or choose another strategy");
        });
        return read;
    }

    /** The names of the strategies that a request can name. */
    static List<String> strategies() {
        return Arrays.stream(Strategy.values())
                .filter(strategy -> !REFUSED.containsKey(strategy))
                .map(Strategy::toString)
                .toList();
    }

    private static CreditKey key(String name) {
        List<String> known = Arrays.stream(CreditKey.values())
                .filter(key -> !FOREIGN.contains(key))
                .map(CreditKey::toString)
                .toList();
        JsonReading.requireKnown("options", name, known);
        return Arrays.stream(CreditKey.values())
                .filter(key -> key.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Object value(CreditKey key, JsonNode value) {
        if (WHOLE.contains(key) && value.isInt()) {
            return value.intValue();
        }
        boolean isText = TEXTS.contains(key) || !key.words().isEmpty();
        if (isText && value.isTextual()) {
            return JsonReading.quoted(value.textValue(), 80);
        }
        if (TEXTS.contains(key) && value.isNumber()) {
            return value.asText();
        }
        if (!isText && !WHOLE.contains(key) && value.isNumber()) {
            return value.doubleValue();
        }
        throw new BadInputException(
                "credit: " + key + " is " + JsonReading.shown(value) + "; expected " + key.expected());
    }
}
