package dev.upbeat.train;

import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the files of the model that a training starts from, and those of the adapter that is merged into it. */
public final class StartFiles {
    private StartFiles() {}

    /**
     * @param config of a training that does not make its model from scratch
     * @throws dev.upbeat.io.BadInputException as for {@link ModelFiles#locate}
     */
    public static ModelFiles locate(TrainConfig config, DownloadProgress download) throws IOException {
        return ModelFiles.locate(
                model(config),
                config.origin().searchPath("model"),
                config.adapter(),
                config.origin().searchPath("adapter"),
                download);
    }

    /** As {@link #locate}, without a request; null if a part would have to be downloaded. */
    public static @Nullable ModelFiles find(TrainConfig config) throws IOException {
        return ModelFiles.find(
                model(config),
                config.origin().searchPath("model"),
                config.adapter(),
                config.origin().searchPath("adapter"));
    }

    private static String model(TrainConfig config) {
        return Objects.requireNonNull(config.model());
    }
}
