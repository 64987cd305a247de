package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Properties of expressions, and rewriting. */
final class Exprs {
    static final Set<String> CONSTANTS = Set.of("\\pi", "e", "i", "\\infty");
    private static final int MOST_SIGNS = 3;

    private Exprs() {}

    static List<Expr> children(Expr expr) {
        if (expr instanceof Expr.Apply apply) {
            return apply.arguments();
        }
        if (expr instanceof Expr.Group group) {
            return group.items();
        }
        if (expr instanceof Expr.Items items) {
            return items.items();
        }
        if (expr instanceof Expr.Matrix matrix) {
            return matrix.rows().stream().flatMap(List::stream).toList();
        }
        if (expr instanceof Expr.Relation relation) {
            return relation.sides();
        }
        return expr instanceof Expr.Measure measure ? List.of(measure.value()) : List.of();
    }

    /** Whether an expression is a bare list or a set. */
    static boolean isList(Expr expr) {
        return expr instanceof Expr.Items || (expr instanceof Expr.Group group && group.open() == '{');
    }

    /** The same expression with other children. */
    static Expr map(Expr expr, UnaryOperator<Expr> to) {
        if (expr instanceof Expr.Apply apply) {
            return new Expr.Apply(
                    apply.operator(), apply.arguments().stream().map(to).toList());
        }
        if (expr instanceof Expr.Group group) {
            return new Expr.Group(
                    group.open(), group.close(), group.items().stream().map(to).toList());
        }
        if (expr instanceof Expr.Items items) {
            return new Expr.Items(items.items().stream().map(to).toList());
        }
        if (expr instanceof Expr.Matrix matrix) {
            return new Expr.Matrix(matrix.rows().stream()
                    .map(row -> row.stream().map(to).toList())
                    .toList());
        }
        if (expr instanceof Expr.Relation relation) {
            return new Expr.Relation(relation.sides().stream().map(to).toList(), relation.signs());
        }
        return expr instanceof Expr.Measure measure
                ? new Expr.Measure(to.apply(measure.value()), measure.unit())
                : expr;
    }

    /** Names of variables and of unknown functions. */
    static Set<String> variables(Expr expr) {
        Set<String> names = new TreeSet<>();
        collect(expr, names);
        return names;
    }

    private static void collect(Expr expr, Set<String> names) {
        if (expr instanceof Expr.Symbol symbol && !CONSTANTS.contains(symbol.name())) {
            names.add(symbol.name());
        }
        if (expr instanceof Expr.Apply apply && apply.operator().indexOf(':') > 0) {
            names.add(apply.operator());
        }
        children(expr).forEach(child -> collect(child, names));
    }

    static boolean has(Expr expr, String operator) {
        return (expr instanceof Expr.Apply apply && apply.operator().equals(operator))
                || (expr instanceof Expr.Symbol symbol && symbol.name().equals(operator))
                || children(expr).stream().anyMatch(child -> has(child, operator));
    }

    /** Whether an expression is a name of a quantity: {@code x}, {@code f(2)}, {@code AB}, {@code (p, q)}, {@code |z|}. */
    static boolean isName(Expr expr) {
        if (expr instanceof Expr.Symbol symbol) {
            return !symbol.name().equals("\\pi") && !symbol.name().equals("\\infty");
        }
        if (expr instanceof Expr.Apply apply) {
            String operator = apply.operator();
            boolean named = operator.indexOf(':') > 0;
            boolean joined = Set.of("*", "/", "abs", ":", "det", "^").contains(operator) && !isPower(apply);
            return named || (joined && apply.arguments().stream().allMatch(Exprs::isName));
        }
        boolean tuple = expr instanceof Expr.Group || expr instanceof Expr.Items;
        return tuple
                && children(expr).stream().allMatch(Exprs::isName)
                && !children(expr).isEmpty();
    }

    private static boolean isPower(Expr.Apply apply) {
        return apply.operator().equals("^") && !(apply.arguments().get(1) instanceof Expr.Symbol);
    }

    static boolean isConstant(Expr expr) {
        return variables(expr).isEmpty();
    }

    /** Both readings of plus-minus, the upper sign first; the expression itself if it has none. */
    static List<Expr> readings(Expr expr) throws Undecided {
        int signs = count(expr);
        if (signs == 0) {
            return List.of(expr);
        }
        if (signs > MOST_SIGNS) {
            throw new Undecided("more than " + MOST_SIGNS + " signs of plus-minus");
        }
        return List.of(signed(expr, true), signed(expr, false));
    }

    private static int count(Expr expr) {
        boolean sign = expr instanceof Expr.Apply apply
                && (apply.operator().equals("pm") || apply.operator().equals("mp"));
        return (sign ? 1 : 0) + children(expr).stream().mapToInt(Exprs::count).sum();
    }

    private static Expr signed(Expr expr, boolean upper) {
        if (expr instanceof Expr.Apply apply
                && (apply.operator().equals("pm") || apply.operator().equals("mp"))) {
            Expr of = signed(apply.arguments().get(0), upper);
            return apply.operator().equals("pm") == upper ? of : Expr.apply("neg", of);
        }
        return map(expr, child -> signed(child, upper));
    }

    /** The items, with lists among them taken apart; plus-minus is two items. */
    static List<Expr> flat(List<Expr> items) throws Undecided {
        List<Expr> flat = new ArrayList<>();
        for (Expr item : items) {
            if (item instanceof Expr.Items inner) {
                flat.addAll(flat(inner.items()));
            } else if (item instanceof Expr.Relation relation
                    && relation.isEquation()
                    && relation.last() instanceof Expr.Items inner) {
                flat.addAll(flat(inner.items()));
            } else {
                flat.addAll(readings(item));
            }
        }
        return flat;
    }
}
