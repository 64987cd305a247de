package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run in one line: where it stands.
 *
 * @param name of its directory
 * @param state of its process
 * @param step last step with a line of metrics; 0 before the first
 * @param steps of the whole training; 0 for other runs
 * @param secondsLeft of a running training, from the time of its latest steps; null if unknown
 * @param reward of the last step that has one; null for none
 */
record RunSummary(
        String name,
        State state,
        long step,
        long steps,
        @Nullable Double secondsLeft,
        @Nullable Double reward) {
    private static final String STEP_SECONDS = "time/step_s";

    enum State {
        /** A process trains in the directory. */
        RUNNING,
        /** All steps are done; or the run is no training. */
        FINISHED,
        /** It was interrupted, and its last step is saved. */
        STOPPED,
        /** Its process ended without saving its last step. */
        DIED
    }

    /**
     * The summary of a training.
     *
     * @param state its process, unless all steps are done
     * @param latest its latest lines of metrics, oldest first
     */
    static RunSummary training(String name, State state, long steps, List<JsonNode> latest) {
        long step = latest.isEmpty()
                ? 0
                : latest.get(latest.size() - 1).path("step").asLong();
        double seconds = latest.stream()
                .filter(line -> line.path(STEP_SECONDS).isNumber())
                .mapToDouble(line -> line.path(STEP_SECONDS).asDouble())
                .average()
                .orElse(Double.NaN);
        Double reward = null;
        for (JsonNode line : latest) {
            reward = line.path("reward").isNumber()
                    ? Double.valueOf(line.path("reward").asDouble())
                    : reward;
        }
        boolean isDone = step >= steps && state != State.RUNNING;
        return new RunSummary(
                name,
                isDone ? State.FINISHED : state,
                step,
                steps,
                state == State.RUNNING && seconds > 0 ? (steps - step) * seconds : null,
                reward);
    }

    ObjectNode json() {
        ObjectNode json = JsonReading.mapper().createObjectNode();
        json.put("name", name);
        json.put("kind", steps == 0 ? "analysis" : "training");
        json.put("state", state.name().toLowerCase(Locale.ROOT));
        json.put("step", step);
        json.put("steps", steps);
        json.put("seconds_left", secondsLeft);
        json.put("reward", reward);
        return json;
    }
}
