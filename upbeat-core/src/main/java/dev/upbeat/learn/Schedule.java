package dev.upbeat.learn;

/**
 * Learning rate schedule: a linear warm-up to the peak, then constant or decreasing to a floor.
 *
 * @param shape shape after the warm-up
 * @param peak the highest learning rate
 * @param warmup number of warm-up steps; step 0 has peak / (warmup + 1), so that it is not wasted
 * @param steps number of gradient steps, warm-up included; later steps keep the last rate
 * @param floor last rate as a share of the peak, in [0, 1]; no effect for constant
 */
public record Schedule(Shape shape, double peak, long warmup, long steps, double floor) {
    /** Shape after the warm-up. */
    public enum Shape {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public Schedule {
        if (!(peak > 0) || Double.isInfinite(peak)) {
            throw new IllegalArgumentException("learning rate is " + peak + ", expected a positive number");
        }
        if (warmup < 0 || warmup > steps) {
            throw new IllegalArgumentException("warm-up is " + warmup + " steps of " + steps + ", expected 0 to all");
        }
        if (!(floor >= 0 && floor <= 1)) {
            throw new IllegalArgumentException("floor is " + floor + " of the peak, expected a share in [0, 1]");
        }
    }

    public static Schedule constant(double learningRate) {
        return new Schedule(Shape.CONSTANT, learningRate, 0, Long.MAX_VALUE, 1);
    }

    /**
     * Learning rate of a step.
     *
     * @param step number of the step, from 0
     */
    public double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / (warmup + 1);
        }
        double done = steps == warmup ? 1 : Math.min(1, (step - warmup) / (double) (steps - warmup));
        return switch (shape) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - (1 - floor) * done);
            case COSINE -> peak * (floor + (1 - floor) * (1 + Math.cos(Math.PI * done)) / 2);
        };
    }
}
