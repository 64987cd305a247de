package dev.upbeat.train;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.FixedHeads;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.RhythmConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head groups of {@code rhythm.heads}. */
final class GivenHeads {
    private GivenHeads() {}

    /** Checks the file, before the weights of the model are read. */
    static void require(GrpoConfig config, ModelConfig model) {
        try {
            of(config, model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the groups, with the window and horizon of the training.
     *
     * @return null if the groups are found in training
     * @throws BadInputException if the file cannot be used, or a head is not in the model or the chosen layers
     */
    static @Nullable HeadGroups of(GrpoConfig config, ModelConfig model) throws IOException {
        RhythmConfig rhythm = config.rhythm();
        Path file = rhythm.heads();
        if (file == null) {
            return null;
        }
        FixedHeads heads = new FixedHeads("rhythm.heads " + file, "rhythm.layers", HeadsFile.read(file));
        heads.requireFits(model);
        List<Integer> layers = rhythm.layers().resolve(model.layers());
        RhythmSettings settings = heads.settings(
                        rhythm.settings().window(), rhythm.settings().horizon())
                .with(rhythm.settings().weights());
        HeadGroups groups = heads.with(layers, settings, rhythm.receivers());
        if (config.credit().receivers() && groups.receiver().isEmpty()) {
            throw new BadInputException("rhythm.heads " + file
                    + " has no receiver heads, whose FAI credit.heads: receivers reads; give a file of upbeat analyze"
                    + " with --receivers on, or credit.heads: targeted");
        }
        return groups;
    }
}
