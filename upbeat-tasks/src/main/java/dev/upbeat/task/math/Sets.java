package dev.upbeat.task.math;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sets of real numbers, represented by a membership test. */
final class Sets {
    private static final String REALS = "\\mathbb:R";
    private static final double INFINITY = 1e15;
    private static final Set<String> OPERATORS = Set.of("cup", "cap", "setminus");
    private static final Set<String> ORDERS = Set.of("<", ">", "<=", ">=", "!=");

    private final Budget budget;

    Sets(Budget budget) {
        this.budget = budget;
    }

    private static boolean isNamed(Expr expr) {
        return expr instanceof Expr.Symbol symbol
                && (symbol.name().equals("\\emptyset") || symbol.name().equals(REALS));
    }

    /** Whether the expression is a union, an intersection, a difference or a named set. */
    static boolean isCombined(Expr expr) {
        return isNamed(expr) || (expr instanceof Expr.Apply apply && OPERATORS.contains(apply.operator()));
    }

    static boolean isInequality(Expr expr) {
        return expr instanceof Expr.Relation relation && ORDERS.containsAll(relation.signs());
    }

    /** Whether the expression may be a set of numbers. */
    static boolean isSet(Expr expr) {
        boolean interval = expr instanceof Expr.Group group && (group.items().size() == 2 || group.open() == '{');
        boolean all = isNamed(expr);
        boolean either =
                expr instanceof Expr.Items items && items.items().stream().allMatch(Sets::isSet);
        return interval || all || either || isCombined(expr) || isInequality(expr);
    }

    /** The subject of an inequality: its only variable, else its only side that is not constant; null if there is neither. */
    static @Nullable Expr subject(Expr expr) {
        Set<String> names = Exprs.variables(expr);
        if (names.size() == 1) {
            return new Expr.Symbol(names.iterator().next());
        }
        if (expr instanceof Expr.Relation relation) {
            List<Expr> open = relation.sides().stream()
                    .filter(side -> !Exprs.isConstant(side))
                    .distinct()
                    .toList();
            return open.size() == 1 ? open.get(0) : null;
        }
        return null;
    }

    /** Numbers at which membership may change. */
    Set<Double> edges(Expr expr) {
        Set<Double> edges = new TreeSet<>();
        collect(expr, edges);
        return edges;
    }

    private void collect(Expr expr, Set<Double> edges) {
        if (edges.size() > 60) {
            return;
        }
        boolean leaf = !(expr instanceof Expr.Group) && !(expr instanceof Expr.Relation) && !isCombined(expr);
        if (leaf && Exprs.isConstant(expr) && !(expr instanceof Expr.Items)) {
            try {
                Approx value =
                        new Evaluator(0, budget).with("\\infty", INFINITY).value(expr);
                if (value.isReal() && value.size() < INFINITY / 2) {
                    edges.add(value.re());
                    edges.add(-value.re());
                }
            } catch (Undecided e) {
                return; // no edge here
            }
            return;
        }
        Exprs.children(expr).forEach(child -> collect(child, edges));
    }

    /** Whether the number lies in the set; {@code name} is the variable of its inequalities. */
    boolean contains(Expr set, Expr name, double number) throws Undecided {
        budget.spend(4);
        if (set instanceof Expr.Items items) {
            for (Expr item : items.items()) {
                if (contains(item, name, number)) {
                    return true;
                }
            }
            return false;
        }
        if (set instanceof Expr.Symbol symbol) {
            return symbol.name().equals(REALS);
        }
        if (set instanceof Expr.Apply apply && isCombined(apply)) {
            boolean left = contains(apply.arguments().get(0), name, number);
            boolean right = contains(apply.arguments().get(1), name, number);
            return switch (apply.operator()) {
                case "cup" -> left || right;
                case "cap" -> left && right;
                default -> left && !right;
            };
        }
        if (set instanceof Expr.Group group) {
            return contains(group, name, number);
        }
        if (set instanceof Expr.Relation relation && isInequality(relation)) {
            return holds(relation, name, number);
        }
        throw new Undecided("a set that is not understood");
    }

    private boolean contains(Expr.Group group, Expr name, double number) throws Undecided {
        if (group.open() == '{') {
            for (Expr item : group.items()) {
                if (value(item, name, number).agrees(Approx.of(number))) {
                    return true;
                }
            }
            return false;
        }
        if (group.items().size() != 2) {
            throw new Undecided("a set that is not understood");
        }
        String low = group.open() == '[' ? "<=" : "<";
        String high = group.close() == ']' ? "<=" : "<";
        Approx at = Approx.of(number);
        return holds(value(group.items().get(0), name, number), low, at)
                && holds(at, high, value(group.items().get(1), name, number));
    }

    private boolean holds(Expr.Relation relation, Expr name, double number) throws Undecided {
        for (int i = 0; i < relation.signs().size(); i++) {
            Approx left = value(relation.sides().get(i), name, number);
            Approx right = value(relation.sides().get(i + 1), name, number);
            if (!holds(left, relation.signs().get(i), right)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Approx left, String sign, Approx right) throws Undecided {
        if (!left.isReal() || !right.isReal()) {
            return false;
        }
        boolean same = left.agrees(right);
        return switch (sign) {
            case "<" -> !same && left.re() < right.re();
            case ">" -> !same && left.re() > right.re();
            case "<=" -> same || left.re() < right.re();
            case ">=" -> same || left.re() > right.re();
            default -> !same;
        };
    }

    private Approx value(Expr expr, Expr name, double number) throws Undecided {
        Evaluator evaluator = new Evaluator(0, budget).with("\\infty", INFINITY);
        if (expr.equals(name) && !(expr instanceof Expr.Symbol)) {
            return Approx.of(number);
        }
        if (name instanceof Expr.Symbol symbol) {
            evaluator.with(symbol.name(), number);
        }
        return evaluator.value(expr);
    }
}
