package dev.upbeat.rhythm;

/** Excess kurtosis from population moments, m4 / m2^2 - 3: large for a column profile with a few high peaks. */
final class Kurtosis {
    /** With fewer values the kurtosis is undefined. */
    private static final int MINIMUM_VALUES = 4;

    private Kurtosis() {}

    /**
     * @param values NaN where undefined
     * @return m4 / m2^2 - 3 over the defined values; NaN where fewer than 4 are defined or they have no variance
     */
    static double excess(float[] values) {
        int defined = 0;
        double sum = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                defined++;
                sum += value;
            }
        }
        if (defined < MINIMUM_VALUES) {
            return Double.NaN;
        }
        double mean = sum / defined;
        double m2 = 0;
        double m4 = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                double square = (value - mean) * (value - mean);
                m2 += square / defined;
                m4 += square * square / defined;
            }
        }
        return m2 == 0 ? Double.NaN : m4 / (m2 * m2) - 3;
    }
}
