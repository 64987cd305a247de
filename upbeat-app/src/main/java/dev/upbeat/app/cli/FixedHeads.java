package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.RhythmSettings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The head groups of {@code --heads FILE}, checked against the model and the chosen layers. */
final class FixedHeads {
    private final Path file;
    private final HeadGroups groups;

    FixedHeads(Path file, HeadGroups groups) {
        this.file = file;
        this.groups = groups;
    }

    /** The layers that the groups were chosen from. */
    List<Integer> layers() {
        return groups.layers();
    }

    /** The settings that the groups were chosen by. */
    RhythmSettings settings() {
        return groups.settings();
    }

    /** @throws BadInputException if the groups come from a model of another shape */
    void requireFits(ModelConfig model) {
        groups.spanTokens().forEach((layer, spans) -> {
            if (layer >= model.layers() || spans.length != model.heads()) {
                throw new BadInputException("--heads " + file + " has " + spans.length + " heads in layer " + layer
                        + "; the model has layers 0 to " + (model.layers() - 1) + " of " + model.heads()
                        + " heads: give the heads.json of a run of the same model");
            }
        });
    }

    /**
     * The groups for this run's heads.json, with this run's window and horizon.
     *
     * @throws BadInputException if a head is not in the measured layers
     */
    HeadGroups with(List<Integer> layers, RhythmSettings settings, boolean receivers) {
        List<Head> receiver = receivers ? groups.receiver() : List.of();
        Stream.of(groups.local(), groups.global(), receiver)
                .flatMap(Collection::stream)
                .filter(head -> !layers.contains(head.layer()))
                .findFirst()
                .ifPresent(head -> {
                    throw new BadInputException("--heads " + file + " has head " + head.head() + " of layer "
                            + head.layer() + ", but --layers leaves that layer out (it chooses " + layers
                            + "): leave --layers out, or include the layers of the heads");
                });
        return new HeadGroups(
                groups.layers(), groups.spanTokens(), groups.local(), groups.global(), receiver, settings);
    }
}
