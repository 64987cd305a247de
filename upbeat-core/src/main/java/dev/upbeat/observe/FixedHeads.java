package dev.upbeat.observe;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Head groups from a file, checked against a model and the chosen layers.
 *
 * @param source option and file, for messages: {@code --heads FILE}
 * @param layersOption option that chooses the layers, for messages: {@code --layers}
 */
public record FixedHeads(String source, String layersOption, HeadGroups groups) {
    /** The layers that the groups were chosen from. */
    public List<Integer> layers() {
        return groups.layers();
    }

    /** The settings that the groups were chosen by, with another window and horizon. */
    public RhythmSettings settings(int window, Horizon horizon) {
        RhythmSettings of = groups.settings();
        return new RhythmSettings(
                of.rho(), of.receiverRho(), of.groupWeight(), window, horizon, of.receiverGap(), of.weights());
    }

    /** @throws BadInputException if the groups come from a model of another shape */
    public void requireFits(ModelConfig model) {
        groups.spanTokens().forEach((layer, spans) -> {
            if (layer >= model.layers() || spans.length != model.heads()) {
                throw new BadInputException(source + " has " + spans.length + " heads in layer " + layer
                        + "; the model has layers 0 to " + (model.layers() - 1) + " of " + model.heads()
                        + " heads: give the heads.json of a run of the same model");
            }
        });
    }

    /**
     * The groups for this run's heads.json, with this run's window and horizon.
     *
     * @throws BadInputException if the weights differ, or a head is not in the measured layers
     */
    public HeadGroups with(List<Integer> layers, RhythmSettings settings, boolean receivers) {
        if (settings.weights() != groups.settings().weights()) {
            throw new BadInputException(
                    source + " was found with weights " + groups.settings().weights()
                            + ", but this run measures weights " + settings.weights()
                            + ": give heads that were found with the same weights, or choose the weights of the file");
        }
        List<Head> receiver = receivers ? groups.receiver() : List.of();
        List<Head> all = Stream.of(groups.local(), groups.global(), receiver)
                .flatMap(Collection::stream)
                .toList();
        all.stream().filter(head -> !layers.contains(head.layer())).findFirst().ifPresent(head -> {
            String needed = all.stream().map(Head::layer).collect(Collectors.toCollection(TreeSet::new)).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
            throw new BadInputException(source + " has head " + head.head() + " of layer " + head.layer() + ", but "
                    + layersOption + " leaves that layer out (it chooses " + layers
                    + "): choose the layers of all its heads, " + needed + ", or more");
        });
        return new HeadGroups(
                groups.layers(), groups.spanTokens(), groups.local(), groups.global(), receiver, settings);
    }
}
