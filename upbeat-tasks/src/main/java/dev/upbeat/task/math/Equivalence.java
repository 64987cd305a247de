package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether two answers are equivalent. Tuples, intervals and matrices are ordered; sets and bare lists are not; a list
 * compared with a tuple is ordered. A unit may be missing but not different.
 */
final class Equivalence {
    private static final int MOST_ITEMS = 200;

    private final Budget budget;
    private final Scalars scalars;
    private final Relations relations;

    Equivalence(Budget budget) {
        this.budget = budget;
        this.scalars = new Scalars(budget);
        this.relations = new Relations(this, budget);
    }

    /** @throws Undecided if they cannot be compared */
    boolean same(Expr gold, Expr answer) throws Undecided {
        budget.spend(10);
        Expr a = prepared(gold);
        Expr b = prepared(answer);
        if (a instanceof Expr.Measure || b instanceof Expr.Measure) {
            return new Measures(this).same(a, b);
        }
        if (a instanceof Expr.Relation || b instanceof Expr.Relation) {
            if (!(Exprs.isList(a) || Exprs.isList(b))) {
                return relations.same(a, b);
            }
        }
        if (Sets.isCombined(a) || Sets.isCombined(b)) {
            return relations.sameSet(a, b);
        }
        if (Exprs.isList(a) || Exprs.isList(b)) {
            return sameItems(a, b);
        }
        if (a instanceof Expr.Group
                || b instanceof Expr.Group
                || a instanceof Expr.Matrix
                || b instanceof Expr.Matrix) {
            return sameTuple(a, b);
        }
        if (a instanceof Expr.Time || b instanceof Expr.Time) {
            return sameTime(a, b);
        }
        if (Exprs.has(a, ":") || Exprs.has(b, ":")) {
            return sameRatio(a, b);
        }
        return scalars.same(a, b);
    }

    private Expr prepared(Expr expr) throws Undecided {
        Expr folded = Matrices.fold(expr, budget);
        List<Expr> readings = Exprs.isList(folded) ? List.of(folded) : Exprs.readings(folded);
        return readings.size() == 1 ? readings.get(0) : new Expr.Items(readings);
    }

    private boolean sameItems(Expr a, Expr b) throws Undecided {
        if (isOrdered(a) || isOrdered(b)) {
            Expr other = isOrdered(a) ? b : a;
            boolean bare = other instanceof Expr.Items;
            return (bare && sameInOrder(Assignments.values(Exprs.children(a)), Assignments.values(Exprs.children(b))))
                    || (isOrdered(a) && sameUnordered(List.of(a), Assignments.of(other)))
                    || (isOrdered(b) && sameUnordered(Assignments.of(other), List.of(b)));
        }
        List<Expr> left = Assignments.of(a);
        List<Expr> right = Assignments.of(b);
        return left.size() <= MOST_ITEMS
                && right.size() <= MOST_ITEMS
                && sameUnordered(distinct(left), distinct(right));
    }

    private static boolean isOrdered(Expr expr) {
        return expr instanceof Expr.Group group && group.open() != '{';
    }

    private List<Expr> distinct(List<Expr> items) throws Undecided {
        List<Expr> distinct = new ArrayList<>();
        for (Expr item : items) {
            if (find(item, distinct) < 0) {
                distinct.add(item);
            }
        }
        return distinct;
    }

    private boolean sameUnordered(List<Expr> left, List<Expr> right) throws Undecided {
        if (left.size() != right.size()) {
            return false;
        }
        if (left.size() > 1 && Assignments.sameNames(left, right)) {
            return sameNamed(left, right);
        }
        List<Expr> rest = new ArrayList<>(right);
        for (Expr item : left) {
            int found = find(item, rest);
            if (found < 0) {
                return false;
            }
            rest.remove(found);
        }
        return true;
    }

    /** Compares equations for the same names, each once: {@code a = 1, b = 2} is not {@code a = 2, b = 1}. */
    private boolean sameNamed(List<Expr> left, List<Expr> right) throws Undecided {
        for (Expr item : left) {
            Expr.Relation relation = (Expr.Relation) item;
            for (Expr candidate : right) {
                Expr.Relation other = (Expr.Relation) candidate;
                boolean named = other.sides().get(0).equals(relation.sides().get(0));
                if (named && !same(relation.last(), other.last())) {
                    return false;
                }
            }
        }
        return true;
    }

    private int find(Expr item, List<Expr> among) throws Undecided {
        for (int i = 0; i < among.size(); i++) {
            if (same(item, among.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private boolean sameInOrder(List<Expr> left, List<Expr> right) throws Undecided {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean sameTuple(Expr a, Expr b) throws Undecided {
        if (a instanceof Expr.Matrix x && b instanceof Expr.Matrix y) {
            boolean fits = x.rows().size() == y.rows().size()
                    && x.rows().get(0).size() == y.rows().get(0).size();
            return fits && sameInOrder(Exprs.children(x), Exprs.children(y));
        }
        boolean vectors = isVector(a) && isVector(b);
        if (!vectors) {
            return false;
        }
        if (a instanceof Expr.Group x && b instanceof Expr.Group y && x.items().size() == 2) {
            if (x.open() != y.open() || x.close() != y.close()) {
                return false;
            }
        }
        return sameInOrder(Exprs.children(a), Exprs.children(b));
    }

    private static boolean isVector(Expr expr) {
        return expr instanceof Expr.Group
                || (expr instanceof Expr.Matrix matrix
                        && (matrix.rows().size() == 1 || matrix.rows().get(0).size() == 1));
    }

    private boolean sameTime(Expr gold, Expr answer) throws Undecided {
        if (gold instanceof Expr.Time a && answer instanceof Expr.Time b) {
            return Times.same(a, b);
        }
        Expr a = gold instanceof Expr.Time time ? (Times.isReduced(time) ? Times.ratio(time) : null) : gold;
        Expr b = answer instanceof Expr.Time time ? Times.ratio(time) : answer;
        return a != null && b != null && same(a, b);
    }

    /** Compares ratios: {@code 1:2:3} equals {@code 2:4:6}; a ratio of two numbers is their quotient. */
    private boolean sameRatio(Expr a, Expr b) throws Undecided {
        List<Expr> left = Times.parts(a);
        List<Expr> right = Times.parts(b);
        if (left.size() == 1 || right.size() == 1) {
            return left.size() <= 2 && right.size() <= 2 && scalars.same(a, b);
        }
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 1; i < left.size(); i++) {
            Expr across = Expr.apply("*", left.get(i), right.get(0));
            if (!scalars.same(across, Expr.apply("*", right.get(i), left.get(0)))) {
                return false;
            }
        }
        return !scalars.same(right.get(0), Expr.number(0)) || scalars.same(left.get(0), Expr.number(0));
    }
}
