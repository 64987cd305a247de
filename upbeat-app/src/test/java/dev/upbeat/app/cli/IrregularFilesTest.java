package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipes and Git LFS pointers in the place of files. */
@Timeout(120)
class IrregularFilesTest {
    private static final String POINTER =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n";

    @TempDir
    Path directory;

    private Path pipe;
    private Path model;

    @BeforeEach
    void makeAPipe() throws Exception {
        pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        model = TinyModel.writeWithChatTemplate(directory.resolve("tiny"));
    }

    @Test
    void aPipeIsRefusedWhereAFileIsExpected() {
        Path traces = TinyModel.traces(directory.resolve("traces.jsonl"), 1, 3, 4);
        Path out = directory.resolve("out");
        for (Object[] command : List.of(
                new Object[] {"train", pipe},
                new Object[] {"analyze", pipe, "--text", "x", "--out", out},
                new Object[] {"analyze", model, "--traces", pipe, "--out", out},
                new Object[] {"analyze", model, "--prompts", pipe, "--out", out},
                new Object[] {"analyze", model, "--traces", traces, "--heads", pipe, "--out", out},
                new Object[] {"eval", model, "--task", "math", "--data", pipe, "--out", out},
                new Object[] {"score", "--task", "math", "--data", pipe, "--responses", traces},
                new Object[] {"credit", "--strategy", "coupled-rhythm", "--traces", pipe})) {
            Cli.upbeat(command).refused(pipe.toString(), "expected a regular file");
        }
        assertThat(out).doesNotExist();
    }

    @Test
    void aPipeAmongTheFilesOfAModelIsRefused() throws IOException {
        Path out = directory.resolve("out");
        for (String name : List.of(
                "config.json",
                "generation_config.json",
                "model.safetensors",
                "tokenizer.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "added_tokens.json",
                "chat_template.jinja")) {
            Path tiny = TinyModel.writeWithChatTemplate(directory.resolve(name + "-model"));
            Files.deleteIfExists(tiny.resolve(name));
            Files.createSymbolicLink(tiny.resolve(name), pipe);
            Cli.upbeat("analyze", tiny, "--text", "x", "--out", out).refused(name, "expected a regular file");
        }
        assertThat(out).doesNotExist();
    }

    @Test
    void aGitLfsPointerIsNamedAsOne() throws IOException {
        Path out = directory.resolve("out");
        for (String name : List.of("model.safetensors", "tokenizer.json", "config.json")) {
            Path tiny = TinyModel.writeWithChatTemplate(directory.resolve(name + "-model"));
            Files.writeString(tiny.resolve(name), POINTER);
            Cli.upbeat("analyze", tiny, "--text", "x", "--out", out).refused(name, "Git LFS pointer", "12345 bytes");
        }
        for (String name : List.of("traces.jsonl", "traces.parquet")) {
            Path data = Files.writeString(directory.resolve(name), POINTER);
            Cli.upbeat("analyze", model, "--traces", data, "--out", out).refused(name, "Git LFS pointer");
        }
        Path gguf = Files.writeString(directory.resolve("model.gguf"), POINTER);
        Cli.upbeat("analyze", gguf, "--text", "x", "--out", out).refused("model.gguf", "Git LFS pointer");
        assertThat(out).doesNotExist();
    }
}
