package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Equations, inequalities and sets of real numbers. */
final class Relations {
    private static final int POINTS = 6;
    private static final double FARTHEST = 60;

    private final Equivalence equivalence;
    private final Budget budget;

    Relations(Equivalence equivalence, Budget budget) {
        this.equivalence = equivalence;
        this.budget = budget;
    }

    /** Compares two answers of which at least one is a relation. */
    boolean same(Expr gold, Expr answer) throws Undecided {
        Expr a = withoutApproximation(gold);
        Expr b = withoutApproximation(answer);
        if (a instanceof Expr.Relation x && b instanceof Expr.Relation y) {
            return sameRelations(x, y);
        }
        if (!(a instanceof Expr.Relation) && !(b instanceof Expr.Relation)) {
            return equivalence.same(a, b);
        }
        Expr.Relation relation = (Expr.Relation) (a instanceof Expr.Relation ? a : b);
        Expr bare = a instanceof Expr.Relation ? b : a;
        if (b == relation && relation.isEquation() && Exprs.isConstant(a) && isValue(relation)) {
            return equivalence.same(
                    a,
                    Exprs.isConstant(relation.last())
                            ? relation.last()
                            : relation.sides().get(0));
        }
        if (isMembership(relation) || relation.isEquation()) {
            return isDefinition(relation)
                    && (a == relation ? equivalence.same(relation.last(), b) : equivalence.same(a, relation.last()));
        }
        return sameSet(a, b) && Sets.isSet(bare);
    }

    /** Drops approximations: {@code x = 1/3 \approx 0.333} is 1/3; {@code x \approx 11}, which has nothing else, is 11. */
    private static Expr withoutApproximation(Expr expr) {
        if (!(expr instanceof Expr.Relation relation)) {
            return expr;
        }
        int cut = relation.signs().indexOf("~");
        if (cut < 0) {
            return relation;
        }
        if (cut == 0) {
            boolean named = Exprs.isName(relation.sides().get(0));
            return named
                    ? new Expr.Relation(List.of(relation.sides().get(0), relation.last()), List.of("="))
                    : relation.sides().get(0);
        }
        return new Expr.Relation(
                relation.sides().subList(0, cut + 1), relation.signs().subList(0, cut));
    }

    private static boolean isMembership(Expr.Relation relation) {
        return relation.signs().equals(List.of("in"));
    }

    /** Whether its last side defines the first. */
    private static boolean isDefinition(Expr.Relation relation) {
        Expr first = relation.sides().get(0);
        return Exprs.isName(first) || (Exprs.isConstant(first) && Exprs.isConstant(relation.last()));
    }

    /**
     * Whether an equation gives the value of an expression in two variables or more, {@code m+n=113}, or of a name,
     * {@code 113=m}. One with a single variable, {@code 2x=6}, is not solved yet.
     */
    private static boolean isValue(Expr.Relation relation) {
        Expr first = relation.sides().get(0);
        Expr last = relation.last();
        if (Exprs.isConstant(first) == Exprs.isConstant(last)) {
            return false;
        }
        Expr named = Exprs.isConstant(last) ? first : last;
        return Exprs.isName(named) || (!isList(named) && Exprs.variables(named).size() > 1);
    }

    private static boolean isList(Expr expr) {
        return expr instanceof Expr.Items || expr instanceof Expr.Group || expr instanceof Expr.Matrix;
    }

    private boolean sameRelations(Expr.Relation a, Expr.Relation b) throws Undecided {
        if (isMembership(a) || isMembership(b)) {
            Expr left = isMembership(a) ? a.last() : a;
            Expr right = isMembership(b) ? b.last() : b;
            return equivalence.same(left, right);
        }
        if (a.isEquation() != b.isEquation()) {
            return false;
        }
        if (sameSides(a, b) || sameSides(a, reversed(b))) {
            return true;
        }
        if (a.isEquation()) {
            return sameEquation(a, b);
        }
        if (Sets.subject(a) != null && Sets.subject(b) != null) {
            return sameSet(a, b);
        }
        return a.signs().size() == 1
                && b.signs().size() == 1
                && proportional(oriented(a), oriented(b), sign(a), sign(b));
    }

    private boolean sameSides(Expr.Relation a, Expr.Relation b) {
        if (!a.signs().equals(b.signs())) {
            return false;
        }
        try {
            for (int i = 0; i < a.sides().size(); i++) {
                if (!equivalence.same(a.sides().get(i), b.sides().get(i))) {
                    return false;
                }
            }
            return true;
        } catch (Undecided e) {
            return false; // other comparisons follow
        }
    }

    private static Expr.Relation reversed(Expr.Relation relation) {
        List<Expr> sides = new ArrayList<>(relation.sides());
        List<String> signs = new ArrayList<>(relation.signs());
        Collections.reverse(sides);
        Collections.reverse(signs);
        signs.replaceAll(sign -> switch (sign.charAt(0)) {
            case '<' -> sign.replace('<', '>');
            case '>' -> sign.replace('>', '<');
            default -> sign;
        });
        return new Expr.Relation(sides, signs);
    }

    private boolean sameEquation(Expr.Relation a, Expr.Relation b) throws Undecided {
        Expr left = a.sides().get(0);
        Expr right = b.sides().get(0);
        if (Exprs.isName(left) && Exprs.isName(right)) {
            boolean free = Collections.disjoint(named(left), Exprs.variables(b.last()))
                    && Collections.disjoint(named(right), Exprs.variables(a.last()));
            if (free && equivalence.same(a.last(), b.last())) {
                return true;
            }
        }
        boolean numbers = !Exprs.isName(a.last()) || !Exprs.isName(left);
        return numbers && proportional(difference(a), difference(b), "=", "=");
    }

    /** The name that an equation for {@code left} defines: the function of {@code f(x)}. */
    private static Set<String> named(Expr left) {
        return left instanceof Expr.Apply apply && apply.operator().startsWith("of:")
                ? Set.of(apply.operator())
                : Exprs.variables(left);
    }

    private static Expr difference(Expr.Relation relation) {
        return Expr.apply("+", relation.sides().get(0), Expr.apply("neg", relation.last()));
    }

    /** The expression that is positive if the inequality holds. */
    private static Expr oriented(Expr.Relation relation) {
        Expr difference = difference(relation);
        return relation.signs().get(0).startsWith("<") ? Expr.apply("neg", difference) : difference;
    }

    private static String sign(Expr.Relation relation) {
        return relation.signs().get(0).replace('<', '>');
    }

    /** Whether one is a constant times the other, a positive one for inequalities. */
    private boolean proportional(Expr a, Expr b, String sign, String other) throws Undecided {
        if (!sign.equals(other) || !Exprs.variables(a).equals(Exprs.variables(b))) {
            return false;
        }
        Approx ratio = null;
        int seen = 0;
        for (int point = 0; point < POINTS; point++) {
            try {
                Approx below = new Evaluator(point, budget).value(b);
                Approx here = new Evaluator(point, budget).value(a);
                if (below.size() < 1e-9 || here.size() < 1e-9) {
                    return false;
                }
                Approx quotient = here.over(below);
                if (ratio != null && !ratio.agrees(quotient)) {
                    return false;
                }
                ratio = quotient;
                seen++;
            } catch (Undecided e) {
                budget.spend(1); // undefined at this point
            }
        }
        if (ratio == null || seen < 3) {
            throw new Undecided("too few values");
        }
        return !sign.startsWith(">") || ratio.re() > 0;
    }

    /** Compares sets by the membership of numbers at, beside and between all ends, and of some others. */
    boolean sameSet(Expr gold, Expr answer) throws Undecided {
        Expr a = gold instanceof Expr.Relation relation && isMembership(relation) ? relation.last() : gold;
        Expr b = answer instanceof Expr.Relation relation && isMembership(relation) ? relation.last() : answer;
        if (!Sets.isSet(a) || !Sets.isSet(b)) {
            return false;
        }
        Expr nameless = new Expr.Symbol("x");
        Expr first = Sets.isInequality(a) || a instanceof Expr.Items ? Sets.subject(a) : nameless;
        Expr second = Sets.isInequality(b) || b instanceof Expr.Items ? Sets.subject(b) : nameless;
        if (first == null || second == null) {
            throw new Undecided("an inequality in several variables beside a set");
        }
        Sets sets = new Sets(budget);
        Set<Double> points = new TreeSet<>();
        Set<Double> edges = sets.edges(a);
        edges.addAll(sets.edges(b));
        for (double edge : edges) {
            double step = 1e-4 * Math.max(1, Math.abs(edge));
            points.addAll(List.of(edge - step, edge, edge + step));
        }
        for (double at = -FARTHEST; at <= FARTHEST; at += 1.37) {
            points.add(at);
        }
        points.addAll(List.of(-1e7, 1e7));
        for (double point : points) {
            if (contains(sets, a, first, point) != contains(sets, b, second, point)) {
                return false;
            }
        }
        return true;
    }

    /** An inequality without a value does not hold. */
    private boolean contains(Sets sets, Expr set, Expr name, double point) throws Undecided {
        try {
            return sets.contains(set, name, point);
        } catch (Undecided e) {
            budget.spend(1);
            if (Sets.isInequality(set)) {
                return false;
            }
            throw e;
        }
    }
}
