package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
    @TempDir
    private Path directory;

    @Test
    void everyNameIsThereInSnakeCase() throws IOException {
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash("m", "00"),
                new FileHash("d", "11"),
                Map.of("top_p", 0.9),
                7,
                "2.10.0",
                2,
                "products f32",
                List.of());

        Map<?, ?> json = RunFiles.JSON.convertValue(provenance, Map.class);

        assertThat(json.keySet().stream().map(Object::toString))
                .containsExactly(
                        "model",
                        "data",
                        "config",
                        "seed",
                        "commit",
                        "upbeat",
                        "jdk",
                        "os",
                        "libtorch",
                        "cpu",
                        "threads",
                        "kernels",
                        "created_at",
                        "stop_tokens");
        assertThat(json.get("model")).isEqualTo(Map.of("name", "m", "sha256", "00"));
        assertThat(RunFiles.JSON.convertValue(json, Provenance.class)).isEqualTo(provenance);
    }

    @Test
    void thisMachineIsDescribed() {
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash("m", "00"), null, Map.of(), 0, "2.10.0", 2, "products f32", List.of());

        assertThat(provenance.upbeat()).matches("\\d+\\.\\d+.*");
        assertThat(provenance.jdk()).startsWith(System.getProperty("java.version"));
        assertThat(provenance.os()).contains(System.getProperty("os.arch"));
        assertThat(provenance.cpu()).isNotBlank();
        assertThat(provenance.commit()).isNotBlank();
        assertThat(Instant.parse(provenance.createdAt())).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void hashesAreThoseOfSha256sum() throws IOException {
        Path a = Files.writeString(directory.resolve("a"), "abc");
        Path b = Files.writeString(directory.resolve("b"), "");
        String ofAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assertThat(FileHash.of("a", a)).isEqualTo(new FileHash("a", ofAbc));
        assertThat(FileHash.of("one", List.of(a)).sha256()).isEqualTo(ofAbc);
        // (cd directory; sha256sum a b | sha256sum)
        assertThat(FileHash.of("both", List.of(b, a)).sha256())
                .isEqualTo("09c7e0b8a02d027d95ec0375a600ed4ad4d6b26a1c93f16d9150cab5fec761a6")
                .isEqualTo(FileHash.of("both", List.of(a, b)).sha256());
    }
}
