package dev.upbeat.jinja;

import dev.upbeat.jinja.Expression.Constant;
import dev.upbeat.jinja.Token.Kind;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions by recursive descent in jinja2's order of precedence: {@code if else}, or, and, not, comparisons,
 * {@code + -}, {@code ~}, {@code * / // %}, {@code **}, sign, then filters and tests; only {@code . [] ()} bind more
 * tightly.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private final OperandParser operands;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    OperandParser operands() {
        return operands;
    }

    /** Parses an expression, or several separated by commas as a tuple. */
    Expression tupleOrExpression(boolean withConditional) {
        return tuple(withConditional, false);
    }

    /** @param mayBeEmpty as in {@code ()} */
    Expression tuple(boolean withConditional, boolean mayBeEmpty) {
        List<Expression> items = new ArrayList<>();
        boolean isTuple = false;
        while (!atEndOfTuple()) {
            items.add(withConditional ? expression() : or());
            if (!tokens.takeOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (items.isEmpty() && !mayBeEmpty) {
            throw tokens.unexpected("an expression");
        }
        return isTuple || items.isEmpty() ? scope -> new Tuple(values(items, scope)) : items.get(0);
    }

    private boolean atEndOfTuple() {
        Kind kind = tokens.peek().kind();
        return kind == Kind.VARIABLE_END
                || kind == Kind.BLOCK_END
                || tokens.peek().isOperator(")");
    }

    Expression expression() {
        tokens.enter();
        Expression value = or();
        while (tokens.takeName("if")) {
            Expression then = value;
            Expression condition = or();
            Expression otherwise = tokens.takeName("else")
                    ? expression()
                    : new Constant(new Undefined("the inline if has no else and its condition is false"));
            value = scope -> Values.isTrue(condition.eval(scope)) ? then.eval(scope) : otherwise.eval(scope);
        }
        tokens.leave();
        return value;
    }

    private Expression or() {
        Expression value = and();
        while (tokens.takeName("or")) {
            Expression left = value;
            Expression right = and();
            value = scope -> {
                Object first = left.eval(scope);
                return Values.isTrue(first) ? first : right.eval(scope);
            };
        }
        return value;
    }

    private Expression and() {
        Expression value = not();
        while (tokens.takeName("and")) {
            Expression left = value;
            Expression right = not();
            value = scope -> {
                Object first = left.eval(scope);
                return Values.isTrue(first) ? right.eval(scope) : first;
            };
        }
        return value;
    }

    private Expression not() {
        boolean negated = false;
        boolean any = false;
        while (tokens.takeName("not")) {
            negated = !negated;
            any = true;
        }
        Expression value = comparison();
        boolean wanted = !negated;
        return any ? scope -> Values.isTrue(value.eval(scope)) == wanted : value;
    }

    private record Comparison(String operator, Expression right) {}

    private Expression comparison() {
        Expression first = sum();
        List<Comparison> comparisons = new ArrayList<>();
        for (String operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            comparisons.add(new Comparison(operator, sum()));
        }
        return comparisons.isEmpty()
                ? first
                : scope -> {
                    Object left = first.eval(scope);
                    for (Comparison comparison : comparisons) {
                        Object right = comparison.right().eval(scope);
                        if (!Operators.compare(comparison.operator(), left, right, scope.render())) {
                            return false;
                        }
                        left = right;
                    }
                    return true;
                };
    }

    private @Nullable String comparisonOperator() {
        Token token = tokens.peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.take().text();
        }
        if (tokens.takeName("in")) {
            return "in";
        }
        if (token.isName("not") && tokens.peekSecond().isName("in")) {
            tokens.take();
            tokens.take();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        Expression value = concatenation();
        while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
            value = binary(tokens.take().text(), value, concatenation());
        }
        return value;
    }

    private Expression concatenation() {
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.takeOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1
                ? parts.get(0)
                : scope -> {
                    BoundedText text = new BoundedText(scope.render());
                    parts.forEach(part -> text.append(Text.str(part.eval(scope), scope.render())));
                    return text.toString();
                };
    }

    private Expression product() {
        Expression value = power();
        while (tokens.peek().kind() == Kind.OPERATOR
                && Set.of("*", "/", "//", "%").contains(tokens.peek().text())) {
            value = binary(tokens.take().text(), value, power());
        }
        return value;
    }

    private Expression power() {
        Expression value = signed(true);
        while (tokens.takeOperator("**")) {
            value = binary("**", value, signed(true));
        }
        return value;
    }

    private static Expression binary(String operator, Expression left, Expression right) {
        return scope -> Operators.binary(operator, left.eval(scope), right.eval(scope), scope.render());
    }

    private Expression signed(boolean withFilters) {
        tokens.enter();
        Expression value;
        if (tokens.takeOperator("-")) {
            Expression operand = signed(false);
            value = scope -> Operators.negate(operand.eval(scope));
        } else if (tokens.takeOperator("+")) {
            Expression operand = signed(false);
            value = scope -> Operators.negate(Operators.negate(operand.eval(scope)));
        } else {
            value = operands.primary();
        }
        value = operands.accesses(value);
        while (withFilters && tokens.peek().kind() != Kind.END) {
            if (tokens.takeOperator("|")) {
                value = operands.filter(value);
            } else if (tokens.takeName("is")) {
                value = operands.test(value);
            } else if (tokens.peek().isOperator("(")) {
                value = operands.call(value);
            } else {
                break;
            }
        }
        tokens.leave();
        return value;
    }

    static List<Object> values(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(expression.eval(scope)));
        return values;
    }
}
