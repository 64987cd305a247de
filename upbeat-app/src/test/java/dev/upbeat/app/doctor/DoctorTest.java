package dev.upbeat.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.tensor.Libtorch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final Map<String, String> LAUNCHED = Map.of(
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_MAX_", "0",
            "MALLOC_TRIM_THRESHOLD_", "34359738368",
            "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

    @TempDir
    private Path directory;

    @AfterEach
    void backToTheDefault() {
        Libtorch.start(0);
    }

    @Test
    void whereTheTestsRunNothingIsMissing() {
        List<Finding> findings = Doctor.examine(LAUNCHED, 1);
        assertThat(findings)
                .extracting(Finding::name)
                .containsExactly(
                        "machine", "memory", "java", "libtorch", "threads", "instructions", "launcher", "model cache");
        assertThat(findings).noneMatch(f -> f.status() == Finding.Status.MISSING);
        assertThat(findings).allSatisfy(f -> assertThat(f.value()).isNotBlank());
        assertThat(findings.get(4).value()).startsWith("1 for libtorch, 1 for OpenBLAS");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only glibc has these settings")
    void anUnsetAllocatorIsNamedWithTheRemedy() {
        assertThat(Launch.finding(LAUNCHED).status()).isEqualTo(Finding.Status.OK);
        Finding finding = Launch.finding(Map.of("MALLOC_ARENA_MAX", "1"));
        assertThat(finding.status()).isEqualTo(Finding.Status.NOTE);
        assertThat(finding.value()).contains("MALLOC_MMAP_MAX_=0").doesNotContain("MALLOC_ARENA_MAX");
        assertThat(finding.advice()).contains("./upbeat");
    }

    @Test
    void missingBf16InstructionsAreReported() {
        Finding old = Cpu.instructions("AVX2", Set.of("avx2", "fma"));
        assertThat(old.status()).isEqualTo(Finding.Status.NOTE);
        assertThat(old.advice()).contains("--dtype f32");
        Finding recent = Cpu.instructions("AVX512", Set.of("avx512_bf16", "amx_bf16"));
        assertThat(recent.status()).isEqualTo(Finding.Status.OK);
        assertThat(recent.value()).contains("AMX and AVX-512 BF16");
        assertThat(Cpu.instructions("DEFAULT", Set.of("sse2")).advice()).contains("AVX2");
    }

    @Test
    void unusableHubSettingsAreReported() {
        Finding finding = ModelCache.finding(Map.of("HF_ENDPOINT", "not an address"));
        assertThat(finding.status()).isEqualTo(Finding.Status.NOTE);
        assertThat(finding.value()).contains("HF_ENDPOINT", "not an address");
    }

    @Test
    void cachedModelsAreListedWithTheirSize() throws Exception {
        Path model = directory.resolve("models--Qwen--Qwen3-0.6B");
        Path blob = Files.createDirectories(model.resolve("blobs")).resolve("abc");
        Files.write(blob, new byte[3 << 20]);
        Path snapshot = Files.createDirectories(model.resolve("snapshots/1"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), blob);
        assertThat(ModelCache.finding(Map.of("HF_HUB_CACHE", directory.toString()))
                        .value())
                .isEqualTo(directory + ", 1 models\nQwen/Qwen3-0.6B  3 MiB");
        assertThat(ModelCache.finding(
                                Map.of("HF_HUB_CACHE", directory.resolve("none").toString()))
                        .status())
                .isEqualTo(Finding.Status.OK);
    }
}
