package dev.upbeat.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a command of docs/paper-tables.md from the repository's folder, with fewer and shorter steps. */
public final class MiniatureRun {
    private static final List<String> SHORT = List.of(
            "model=../models/countdown",
            "learn.steps=2",
            "learn.minibatch=4",
            "rollout.prompts=2",
            "rollout.group=2",
            "rollout.max_new_tokens=40",
            "task.test=4",
            "eval.every=2");

    private MiniatureRun() {}

    /** @return standard output */
    public static String of(String command, Path out) {
        List<Object> words = new ArrayList<>();
        for (String word : command.split(" ")) {
            words.add(word.replaceAll("(^|,)(examples|models)/", "$1../$2/"));
        }
        boolean training = words.contains("../examples/paper/miniature.yaml");
        if (training) {
            words.addAll(SHORT);
            words.addAll(Arrays.asList("--jobs", 2, "--threads", 1));
        } else if (words.get(0).equals("study")) {
            words.addAll(Arrays.asList("--max-new-tokens", 60));
        }
        if (!words.get(0).equals("bench")) {
            words.addAll(Arrays.asList("--out", out));
        }
        return Cli.upbeat(words.toArray()).done().out();
    }
}
