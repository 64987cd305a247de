package dev.upbeat.task.math;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares formulas with roots or logarithms of variables. {@code \sqrt{ab}} equals {@code \sqrt a\sqrt b} for positive variables
 * only, which physics and algebra usually assume. So variables are positive at points where all parts of the gold are real. If
 * either formula has an absolute value, signs matter, and variables have both signs.
 */
final class PositiveVariables {
    private static final int POINTS = 40;
    private static final int POINTS_NEEDED = 5;
    private static final Set<String> LOGARITHMS = Set.of("ln", "log", "lg");

    private final Budget budget;

    PositiveVariables(Budget budget) {
        this.budget = budget;
    }

    /** Whether the value of a formula depends on the branch of a root or logarithm of its variables. */
    static boolean hasBranches(Expr expr) {
        if (expr instanceof Expr.Apply apply) {
            Expr last = apply.arguments().get(apply.arguments().size() - 1);
            boolean power = apply.operator().equals("^") && !isWhole(last);
            boolean branch = power || apply.operator().equals("root") || LOGARITHMS.contains(apply.operator());
            if (branch && !Exprs.isConstant(apply.arguments().get(0))) {
                return true;
            }
        }
        return Exprs.children(expr).stream().anyMatch(PositiveVariables::hasBranches);
    }

    private static boolean isWhole(Expr exponent) {
        return exponent instanceof Expr.Numeral number && number.value().isInteger()
                || exponent instanceof Expr.Apply negative
                        && negative.operator().equals("neg")
                        && isWhole(negative.arguments().get(0));
    }

    /** @throws Undecided if the gold is real at too few points */
    boolean same(Expr gold, Expr answer) throws Undecided {
        boolean signs = Exprs.has(gold, "abs") || Exprs.has(answer, "abs");
        int seen = 0;
        for (int point = 0; point < POINTS && seen < POINTS_NEEDED; point++) {
            Approx expected = real(gold, point, signs);
            if (expected == null) {
                continue;
            }
            if (!expected.agrees(Evaluator.positive(point, signs, budget).value(answer))) {
                return false;
            }
            seen++;
        }
        if (seen < POINTS_NEEDED) {
            throw new Undecided("too few real values");
        }
        return true;
    }

    private @Nullable Approx real(Expr gold, int point, boolean signs) throws Undecided {
        try {
            Approx value = Evaluator.positive(point, signs, budget).real().value(gold);
            return value.isReal() ? value : null;
        } catch (Undecided e) {
            budget.spend(1); // not real here
            return null;
        }
    }
}
