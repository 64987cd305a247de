package dev.upbeat.study.grid;

import dev.upbeat.checkpoint.DownloadProgress;
import dev.upbeat.train.Training;
import dev.upbeat.train.TrainingListener;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Trains where it is called. Threads belong to the process: several at a time want processes of their own.
 *
 * @param threads 0 for the default
 */
public record InThisProcess(int threads, DownloadProgress download, TrainingListener listener) implements Grid.Trainer {
    @Override
    public boolean train(TrainConfig config, BooleanSupplier stop) throws IOException {
        Training.Options options = new Training.Options(true, threads, download);
        try (Training training = Training.open(config, options, listener)) {
            return !training.run(stop).interrupted();
        }
    }
}
