package dev.upbeat.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LibtorchTest {
    @AfterEach
    void backToTheDefault() {
        Libtorch.start(0);
    }

    @Test
    void startSetsTheThreadsAndMayBeRepeated() {
        Libtorch.start(1);
        assertThat(Libtorch.threads()).isEqualTo(1);
        Libtorch.start(3);
        Libtorch.start(3);
        assertThat(Libtorch.threads()).isEqualTo(3);
        assertThat(torch.get_num_threads()).isEqualTo(3);
    }

    @Test
    void openBlasIsHeldToOneThread() {
        openblas_full.openblas_set_num_threads(2);
        Libtorch.start(2);
        assertThat(Libtorch.openblasThreads()).isEqualTo(1);
    }

    @Test
    void theDefaultIsAtMostTheAvailableProcessors() {
        Libtorch.start(0);
        assertThat(Libtorch.threads())
                .isEqualTo(Libtorch.defaultThreads())
                .isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    @Test
    void aNegativeNumberOfThreadsIsRefused() {
        assertThatThrownBy(() -> Libtorch.start(-1))
                .hasMessageContaining("at least 1")
                .hasMessageContaining("-1");
    }

    @Test
    void libtorchNamesItsVersionAndInstructions() {
        assertThat(Libtorch.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Libtorch.cpuCapability()).isNotBlank();
        assertThat(Libtorch.platform()).contains("-");
    }

    @Test
    void theLaunchersFlagsRemoveTheMemoryCap() {
        assertThat(System.getProperty("org.bytedeco.javacpp.maxphysicalbytes")).isEqualTo("0");
        assertThat(Pointer.maxPhysicalBytes()).isZero();
        assertThat(Pointer.maxBytes()).isZero();
    }
}
