package dev.upbeat.task.math;

import dev.upbeat.task.Rational;

/** Compares quantities: a unit may be missing but not different. */
final class Measures {
    private final Equivalence equivalence;

    Measures(Equivalence equivalence) {
        this.equivalence = equivalence;
    }

    boolean same(Expr gold, Expr answer) throws Undecided {
        String goldUnit = unit(gold);
        String answerUnit = unit(answer);
        Expr a = value(gold);
        Expr b = value(answer);
        if (goldUnit.equals(answerUnit)) {
            return equivalence.same(a, b);
        }
        if (goldUnit.isEmpty() || answerUnit.isEmpty()) {
            String unit = goldUnit + answerUnit;
            return switch (unit) {
                case Units.PERCENT -> goldUnit.isEmpty() ? samePercent(a, b) : samePercentOfGold(a, b);
                case Units.DEGREES -> sameAngle(goldUnit.isEmpty() ? a : b, goldUnit.isEmpty() ? b : a);
                default -> equivalence.same(a, b);
            };
        }
        if (isTemperature(goldUnit) && answerUnit.equals(Units.DEGREES)
                || isTemperature(answerUnit) && goldUnit.equals(Units.DEGREES)) {
            return equivalence.same(a, b);
        }
        return !Units.isPhysical(goldUnit) && !Units.isPhysical(answerUnit) && equivalence.same(a, b);
    }

    private static boolean isTemperature(String unit) {
        return unit.equals(Units.CELSIUS) || unit.equals(Units.FAHRENHEIT);
    }

    private static String unit(Expr expr) {
        return expr instanceof Expr.Measure measure ? measure.unit() : "";
    }

    private static Expr value(Expr expr) {
        return expr instanceof Expr.Measure measure ? measure.value() : expr;
    }

    private static Expr hundredth(Expr percent) {
        return Expr.apply("/", percent, Expr.number(100));
    }

    /** Compares with a gold in percent: the number alone is right, and so is the share. */
    private boolean samePercentOfGold(Expr percent, Expr answer) throws Undecided {
        return equivalence.same(percent, answer) || equivalence.same(hundredth(percent), answer);
    }

    /**
     * A gold without percent is a share, and 25% is 1/4; but a whole or decimal number of at least 1 may answer a question
     * "how many percent".
     */
    private boolean samePercent(Expr gold, Expr percent) throws Undecided {
        if (equivalence.same(gold, hundredth(percent))) {
            return true;
        }
        boolean plain = gold instanceof Expr.Numeral number
                && number.value().minus(Rational.ONE).numerator().signum() >= 0;
        return plain && equivalence.same(gold, percent);
    }

    /** Compares angles: one without a unit is in degrees, unless it contains pi. */
    private boolean sameAngle(Expr bare, Expr degrees) throws Undecided {
        if (Exprs.has(bare, "\\pi")) {
            Expr radians = Expr.apply("/", Expr.apply("*", degrees, new Expr.Symbol("\\pi")), Expr.number(180));
            return equivalence.same(bare, radians);
        }
        return equivalence.same(bare, degrees);
    }
}
