package dev.upbeat.app.analyze;

import dev.upbeat.io.VisibleText;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The strongest anchors of a run. */
public final class StrongestAnchors {
    /**
     * An anchor.
     *
     * @param position absolute: the first response token of a trace is at P
     * @param token text of the token; its id without a tokenizer
     * @param fai attention weight
     * @param strength FAI over the median FAI of the tokens at similar positions
     */
    private record Anchor(String trace, int position, String token, float fai, float strength) {}

    private StrongestAnchors() {}

    /**
     * One line for each of the strongest anchors, strongest first: trace, position, token, FAI, strength.
     *
     * @param traces the observed traces and the FAI of each, [T]
     */
    public static List<String> lines(List<Trace> traces, List<float[]> fai, int most) {
        List<Anchor> anchors = new ArrayList<>();
        for (int i = 0; i < traces.size(); i++) {
            Trace trace = traces.get(i);
            float[] strength = Anchors.strength(fai.get(i));
            for (int t : Peaks.of(strength, Peaks.DEFAULT_SHARE)) {
                String token = trace.tokens() == null
                        ? "id " + trace.responseIds()[t]
                        : "\"" + VisibleText.of(trace.tokens().get(t)) + "\"";
                anchors.add(new Anchor(trace.id(), trace.promptIds().length + t, token, fai.get(i)[t], strength[t]));
            }
        }
        return anchors.stream()
                .sorted(Comparator.comparingDouble((Anchor anchor) -> anchor.strength)
                        .reversed())
                .limit(most)
                .map(anchor -> String.format(
                        Locale.ROOT,
                        "%s, position %d: %s, FAI %.4g, %.1f times the median of similar positions",
                        anchor.trace,
                        anchor.position,
                        anchor.token,
                        anchor.fai,
                        anchor.strength))
                .toList();
    }
}
