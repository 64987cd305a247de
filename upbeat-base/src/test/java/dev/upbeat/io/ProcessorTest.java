package dev.upbeat.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
    @TempDir
    private Path directory;

    @Test
    void theFirstProcessorIsReadAsLinuxDescribesIt() throws IOException {
        Processor processor =
                read("processor\t: 0\nmodel\t\t: 143\nmodel name\t: Some CPU: 2.0GHz\nflags\t\t: fpu avx2\n"
                        + "power management:\n\nprocessor\t: 1\nmodel name\t: Another\nflags\t\t: fpu\n");
        assertThat(processor.model()).isEqualTo("Some CPU: 2.0GHz");
        assertThat(processor.flags()).containsExactlyInAnyOrder("fpu", "avx2");
    }

    @Test
    void onArmTheInstructionSetsAreCalledFeatures() throws IOException {
        Processor processor = read("processor\t: 0\nFeatures\t: fp asimd bf16\nCPU part\t: 0xd0c\n");
        assertThat(processor.model()).isNull();
        assertThat(processor.flags()).containsExactlyInAnyOrder("fp", "asimd", "bf16");
    }

    @Test
    void unknownProcessorsAreNotAnError() {
        Processor unknown = Processor.read(directory.resolve("absent"));
        assertThat(unknown.model()).isNull();
        assertThat(unknown.flags()).isEmpty();
    }

    private Processor read(String cpuinfo) throws IOException {
        return Processor.read(Files.writeString(directory.resolve("cpuinfo"), cpuinfo));
    }
}
