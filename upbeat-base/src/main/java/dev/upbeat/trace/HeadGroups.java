package dev.upbeat.trace;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The candidate heads and their groups (Eq. 7-8): the content of heads.json.
 *
 * @param layers the candidate layers, ascending
 * @param spanTokens span of each head, tokens: layer -> [H]
 * @param local the heads of smallest span, by (layer, head)
 * @param global the heads of largest span, by (layer, head)
 * @param receiver the receiver heads, by (layer, head); empty if receivers are off or no response is long enough
 * @param settings settings of the groups, of WAAD and of FAI
 */
public record HeadGroups(
        List<Integer> layers,
        SortedMap<Integer, float[]> spanTokens,
        List<Head> local,
        List<Head> global,
        List<Head> receiver,
        RhythmSettings settings) {
    public HeadGroups {
        layers = List.copyOf(layers);
        local = List.copyOf(local);
        global = List.copyOf(global);
        receiver = List.copyOf(receiver);
    }

    /** Groups are equal if all values are: spans are arrays, which a record would compare by identity. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HeadGroups groups
                && layers.equals(groups.layers)
                && spanTokens.keySet().equals(groups.spanTokens.keySet())
                && spanTokens.entrySet().stream()
                        .allMatch(span -> Arrays.equals(span.getValue(), groups.spanTokens.get(span.getKey())))
                && local.equals(groups.local)
                && global.equals(groups.global)
                && receiver.equals(groups.receiver)
                && settings.equals(groups.settings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layers, local, global, receiver, settings);
    }
}
