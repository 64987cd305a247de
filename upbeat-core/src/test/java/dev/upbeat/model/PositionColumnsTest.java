package dev.upbeat.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class PositionColumnsTest {
    @Test
    void everyPositionIsExactInBfloat16FarBeyond65536Tokens() {
        int n = 200_000;
        try (PointerScope scope = new PointerScope()) {
            Tensor values = Tensors.zeros(ScalarType.Float, 1, 1, n, 4);
            // A row that attends to one key alone has that key's values as its output.
            Tensor output = PositionColumns.append(values).to(ScalarType.BFloat16);
            assertThat(Tensors.toDoubles(PositionColumns.read(output, 4)))
                    .containsExactly(IntStream.range(0, n).asDoubleStream().toArray());
        }
    }

    @Test
    void theOutputThatIsReadStaysAsItIs() {
        try (PointerScope scope = new PointerScope()) {
            Tensor output = PositionColumns.append(Tensors.zeros(ScalarType.Float, 1, 2, 300, 4));
            float[] before = Tensors.toFloats(output);
            PositionColumns.read(output, 4);
            assertThat(Tensors.toFloats(output)).containsExactly(before);
        }
    }

    @Test
    void theValuesKeepTheirPlaceAndTheRestIsZero() {
        try (PointerScope scope = new PointerScope()) {
            float[] values = {1, 2, 3, 4, 5, 6};
            Tensor wide = PositionColumns.append(Tensors.of(values, 1, 1, 3, 2));
            assertThat(wide.size(3)).isEqualTo(2 + PositionColumns.WIDTH);
            assertThat(Tensors.toFloats(wide.narrow(3, 0, 2))).containsExactly(values);
            assertThat(Tensors.toFloats(wide.narrow(3, 5, 5))).containsOnly(0);
        }
    }
}
