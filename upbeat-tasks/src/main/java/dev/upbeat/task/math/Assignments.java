package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists of equations: {@code p=5, q=2; p=7, q=2} is the list of pairs (5, 2), (7, 2). */
final class Assignments {
    private Assignments() {}

    /** The items of a list; rounds of the same names become tuples, and one name for all is left out. */
    static List<Expr> of(Expr list) throws Undecided {
        List<Expr> items = Exprs.flat(Exprs.isList(list) ? Exprs.children(list) : List.of(list));
        List<Expr> names = new ArrayList<>();
        for (Expr item : items) {
            if (!(item instanceof Expr.Relation relation) || !relation.isEquation()) {
                return items.stream().allMatch(Assignments::isInequality) ? items : values(items);
            }
            names.add(relation.sides().get(0));
        }
        int distinct = new HashSet<>(names).size();
        if (distinct == 1) {
            return items.size() == 1 ? items : values(items);
        }
        if (distinct == items.size() || items.size() % distinct != 0) {
            return items;
        }
        for (int i = distinct; i < names.size(); i++) {
            if (!names.get(i).equals(names.get(i - distinct))) {
                return items;
            }
        }
        List<Expr> tuples = new ArrayList<>();
        for (int i = 0; i < items.size(); i += distinct) {
            tuples.add(new Expr.Group('(', ')', values(items.subList(i, i + distinct))));
        }
        return tuples;
    }

    /** Whether both are equations for the same names, each name once. */
    static boolean sameNames(List<Expr> left, List<Expr> right) {
        Set<Expr> names = names(left);
        return names.size() == left.size() && left.size() == right.size() && names.equals(names(right));
    }

    private static Set<Expr> names(List<Expr> items) {
        Set<Expr> names = new HashSet<>();
        for (Expr item : items) {
            if (item instanceof Expr.Relation relation && relation.isEquation()) {
                names.add(relation.sides().get(0));
            }
        }
        return names;
    }

    private static boolean isInequality(Expr item) {
        return item instanceof Expr.Relation relation && !relation.isEquation();
    }

    /** The items without their names. */
    static List<Expr> values(List<Expr> items) throws Undecided {
        List<Expr> values = new ArrayList<>();
        for (Expr item : items) {
            boolean named = item instanceof Expr.Relation relation
                    && relation.isEquation()
                    && Exprs.isName(relation.sides().get(0));
            values.add(named ? ((Expr.Relation) item).last() : item);
        }
        return Exprs.flat(values);
    }
}
