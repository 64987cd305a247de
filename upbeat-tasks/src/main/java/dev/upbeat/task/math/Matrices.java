package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums, products and determinants of matrices, entry by entry. */
final class Matrices {
    private static final int MOST_DETERMINANT = 5;

    private Matrices() {}

    /** Evaluates the arithmetic of the matrices in an expression. */
    static Expr fold(Expr expr, Budget budget) throws Undecided {
        budget.spend(1);
        if (!(expr instanceof Expr.Apply apply) || !holdsMatrix(apply)) {
            return expr;
        }
        List<Expr> of = new ArrayList<>();
        for (Expr argument : apply.arguments()) {
            of.add(fold(argument, budget));
        }
        Expr folded = folded(apply.operator(), of, budget);
        return folded == null ? new Expr.Apply(apply.operator(), of) : folded;
    }

    private static boolean holdsMatrix(Expr expr) {
        return expr instanceof Expr.Matrix
                || (expr instanceof Expr.Apply apply
                        && apply.arguments().stream().anyMatch(Matrices::holdsMatrix));
    }

    private static @Nullable Expr folded(String operator, List<Expr> of, Budget budget) throws Undecided {
        Expr first = of.get(0);
        switch (operator) {
            case "+" -> {
                Expr sum = first;
                for (Expr term : of.subList(1, of.size())) {
                    if (!(sum instanceof Expr.Matrix a) || !(term instanceof Expr.Matrix b)) {
                        return null;
                    }
                    sum = sum(a, b);
                }
                return sum;
            }
            case "*" -> {
                if (first instanceof Expr.Matrix a && of.get(1) instanceof Expr.Matrix b) {
                    return product(a, b, budget);
                }
                return first instanceof Expr.Matrix a
                        ? each(a, "*", of.get(1))
                        : of.get(1) instanceof Expr.Matrix b ? each(b, "*", first) : null;
            }
            case "/" -> {
                return first instanceof Expr.Matrix a ? each(a, "/", of.get(1)) : null;
            }
            case "neg" -> {
                return first instanceof Expr.Matrix a ? each(a, "*", Expr.number(-1)) : null;
            }
            case "det" -> {
                return first instanceof Expr.Matrix a ? determinant(a.rows()) : null;
            }
            default -> {
                return null;
            }
        }
    }

    private static Expr sum(Expr.Matrix a, Expr.Matrix b) throws Undecided {
        requireSame(a.rows().size(), b.rows().size());
        List<List<Expr>> rows = new ArrayList<>();
        for (int i = 0; i < a.rows().size(); i++) {
            requireSame(a.rows().get(i).size(), b.rows().get(i).size());
            List<Expr> row = new ArrayList<>();
            for (int j = 0; j < a.rows().get(i).size(); j++) {
                row.add(Expr.apply("+", a.rows().get(i).get(j), b.rows().get(i).get(j)));
            }
            rows.add(row);
        }
        return new Expr.Matrix(rows);
    }

    private static Expr product(Expr.Matrix a, Expr.Matrix b, Budget budget) throws Undecided {
        int inner = b.rows().size();
        requireSame(a.rows().get(0).size(), inner);
        int columns = b.rows().get(0).size();
        budget.spend(a.rows().size() * inner * columns);
        List<List<Expr>> rows = new ArrayList<>();
        for (List<Expr> left : a.rows()) {
            List<Expr> row = new ArrayList<>();
            for (int j = 0; j < columns; j++) {
                List<Expr> terms = new ArrayList<>();
                for (int k = 0; k < inner; k++) {
                    terms.add(Expr.apply("*", left.get(k), b.rows().get(k).get(j)));
                }
                row.add(new Expr.Apply("+", terms));
            }
            rows.add(row);
        }
        return new Expr.Matrix(rows);
    }

    private static Expr each(Expr.Matrix matrix, String operator, Expr by) {
        return Exprs.map(matrix, entry -> Expr.apply(operator, entry, by));
    }

    /** Expands the determinant along the first row. */
    private static Expr determinant(List<List<Expr>> rows) throws Undecided {
        int n = rows.size();
        requireSame(n, rows.get(0).size());
        if (n > MOST_DETERMINANT) {
            throw new Undecided("a determinant of " + n + " rows");
        }
        if (n == 1) {
            return rows.get(0).get(0);
        }
        List<Expr> terms = new ArrayList<>();
        for (int j = 0; j < n; j++) {
            List<List<Expr>> minor = new ArrayList<>();
            for (List<Expr> row : rows.subList(1, n)) {
                List<Expr> rest = new ArrayList<>(row);
                rest.remove(j);
                minor.add(rest);
            }
            Expr term = Expr.apply("*", rows.get(0).get(j), determinant(minor));
            terms.add(j % 2 == 0 ? term : Expr.apply("neg", term));
        }
        return new Expr.Apply("+", terms);
    }

    private static void requireSame(int a, int b) throws Undecided {
        if (a != b) {
            throw new Undecided("matrices that do not fit each other");
        }
    }
}
