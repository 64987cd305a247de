package dev.upbeat.checkpoint.peft;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Settings of an adapter that is trained, equal for all of its modules.
 *
 * @param rank r, at least 1
 * @param alpha alpha of the scale, positive
 * @param dropout share of the inputs that are set to 0 in training, in [0, 1)
 * @param targets kinds of linear layers that get an update: some of {@link #TARGETS}, at least one
 * @param rankStabilized whether the scale is alpha / sqrt(r), not alpha / r (rsLoRA, arXiv 2312.03732)
 */
public record LoraSettings(int rank, double alpha, double dropout, List<String> targets, boolean rankStabilized) {
    private static final Map<String, String> MODULES = new LinkedHashMap<>();

    static {
        List.of("q", "k", "v", "o").forEach(target -> MODULES.put(target, "self_attn." + target + "_proj"));
        List.of("gate", "up", "down").forEach(target -> MODULES.put(target, "mlp." + target + "_proj"));
    }

    /** The kinds of linear layers of a decoder. */
    public static final List<String> TARGETS = List.copyOf(MODULES.keySet());

    public LoraSettings {
        if (rank < 1 || !(alpha > 0) || !(dropout >= 0 && dropout < 1) || targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "rank " + rank + ", alpha " + alpha + ", dropout " + dropout + ", targets " + targets
                            + ": expected rank >= 1, alpha > 0, dropout in [0, 1), at least one target");
        }
        if (!MODULES.keySet().containsAll(targets)) {
            throw new IllegalArgumentException("targets are " + targets + ", expected some of " + TARGETS);
        }
        targets = List.copyOf(targets);
    }

    /** Factor of B A. */
    public double scale() {
        return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    /** Modules with an update, such as {@code model.layers.0.self_attn.q_proj}, layer by layer. */
    public List<String> modules(ModelConfig model) {
        List<String> modules = new ArrayList<>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (String target : TARGETS) {
                if (targets.contains(target)) {
                    modules.add("model.layers." + layer + "." + MODULES.get(target));
                }
            }
        }
        return modules;
    }

    /** Shapes of the adapter's tensors by their names in its file: A [r, I] and B [O, r] of each module. */
    public Map<String, long[]> shapes(ModelConfig model) {
        Map<String, long[]> weights = WeightShapes.of(model);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String module : modules(model)) {
            long[] weight = Objects.requireNonNull(weights.get(module + ".weight"), module);
            shapes.put(a(module), new long[] {rank, weight[1]});
            shapes.put(b(module), new long[] {weight[0], rank});
        }
        return shapes;
    }

    /** Number of trained weights. */
    public long count(ModelConfig model) {
        return shapes(model).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
    }

    /** Name of a module's A in the adapter's file. */
    public static String a(String module) {
        return LoraAdapter.PREFIX + module + ".lora_A.weight";
    }

    /** Name of a module's B in the adapter's file. */
    public static String b(String module) {
        return LoraAdapter.PREFIX + module + ".lora_B.weight";
    }

    /** PEFT's names of the targets: {@code q_proj}. */
    Set<String> targetModules() {
        Set<String> names = new LinkedHashSet<>();
        TARGETS.stream().filter(targets::contains).forEach(target -> names.add(target + "_proj"));
        return names;
    }
}
