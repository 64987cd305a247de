package dev.upbeat.jinja;

import dev.upbeat.jinja.Expression.Attribute;
import dev.upbeat.jinja.Expression.Constant;
import dev.upbeat.jinja.Expression.Name;
import dev.upbeat.jinja.Token.Kind;
import dev.upbeat.jinja.Values.None;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parses operands: names, literals, {@code . [] ()}, filters and tests. An unknown filter or test is an error only when
 * it is evaluated, because it may be in a branch that no conversation reaches.
 */
final class OperandParser {
    /** Names that have an unsupported meaning in jinja2. */
    private static final Set<String> REFUSED_NAMES = Set.of("self", "lipsum");

    private static final Set<String> NAMES_OF_MACROS = Set.of("caller", "varargs", "kwargs");

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final Set<String> variables = new HashSet<>();
    private final Set<String> keys = new HashSet<>();
    private Set<String> namesOfMacro = new HashSet<>();

    OperandParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Begins a macro's body; returns the argument of {@link #leaveMacro}. */
    Set<String> enterMacro() {
        Set<String> outer = namesOfMacro;
        namesOfMacro = new HashSet<>();
        return outer;
    }

    /** Ends a macro's body; returns the special names of macros that were read in it. */
    Set<String> leaveMacro(Set<String> outer) {
        Set<String> read = namesOfMacro;
        namesOfMacro = outer;
        return read;
    }

    /** Names that are read as variables. */
    Set<String> variables() {
        return variables;
    }

    /** Attributes and strings, by which a template may name a key. */
    Set<String> keys() {
        return keys;
    }

    Expression primary() {
        Token token = tokens.peek();
        if (token.isOperator("[")) {
            tokens.take();
            List<Expression> items = new ArrayList<>();
            while (!tokens.takeOperator("]")) {
                items.add(expressions.expression());
                if (!tokens.takeOperator(",") && !tokens.peek().isOperator("]")) {
                    throw tokens.unexpected("',' or ']'");
                }
            }
            return scope -> ExpressionParser.values(items, scope);
        }
        if (token.isOperator("{")) {
            return dict();
        }
        if (token.isOperator("(")) {
            tokens.take();
            Expression value = expressions.tuple(true, true);
            tokens.expectOperator(")");
            return value;
        }
        return switch (token.kind()) {
            case NAME -> name();
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                keys.add(text.toString());
                yield new Constant(text.toString());
            }
            case INTEGER, FLOAT -> new Constant(number());
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expression name() {
        String name = tokens.peek().text();
        tokens.take();
        if (NAMES_OF_MACROS.contains(name)) {
            namesOfMacro.add(name);
        }
        return switch (name) {
            case "true", "True" -> new Constant(true);
            case "false", "False" -> new Constant(false);
            case "none", "None" -> new Constant(None.NONE);
            default -> {
                variables.add(name);
                yield REFUSED_NAMES.contains(name) ? refused(name) : new Name(name);
            }
        };
    }

    private static Expression refused(String name) {
        return scope -> {
            throw new TemplateError("the name '" + name + "' is not supported");
        };
    }

    private Object number() {
        Token token = tokens.peek();
        try {
            if (token.kind() == Kind.INTEGER) {
                Object value = Long.parseLong(token.text());
                tokens.take();
                return value;
            }
            double value = Double.parseDouble(token.text());
            if (Double.isFinite(value)) {
                tokens.take();
                return value;
            }
        } catch (NumberFormatException e) {
            // beyond 64 bits: as below
        }
        throw tokens.error("the number " + token.text() + " is too large");
    }

    private Expression dict() {
        tokens.expectOperator("{");
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.takeOperator("}")) {
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
            if (!tokens.takeOperator(",") && !tokens.peek().isOperator("}")) {
                throw tokens.unexpected("',' or '}'");
            }
        }
        return scope -> {
            Map<String, Object> dict = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                String key = Values.string(keys.get(i).eval(scope), "a key of a dict");
                dict.put(key, values.get(i).eval(scope));
            }
            return dict;
        };
    }

    Expression accesses(Expression value) {
        while (true) {
            if (tokens.takeOperator(".")) {
                value = attribute(value);
            } else if (tokens.takeOperator("[")) {
                value = subscript(value);
            } else if (tokens.peek().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression target) {
        Token token = tokens.peek();
        if (token.kind() == Kind.INTEGER) {
            Object index = number();
            return scope -> Access.item(target.eval(scope), index, scope.render());
        }
        tokens.expect(Kind.NAME);
        keys.add(token.text());
        return new Attribute(target, token.text());
    }

    private Expression subscript(Expression target) {
        Expression none = new Constant(None.NONE);
        Expression start = tokens.peek().isOperator(":") ? none : expressions.expression();
        if (tokens.takeOperator("]")) {
            return scope -> Access.item(target.eval(scope), start.eval(scope), scope.render());
        }
        tokens.expectOperator(":");
        Expression stop = atBoundEnd() ? none : expressions.expression();
        Expression step = tokens.takeOperator(":") && !atBoundEnd() ? expressions.expression() : none;
        tokens.expectOperator("]");
        return scope ->
                Access.slice(target.eval(scope), start.eval(scope), stop.eval(scope), step.eval(scope), scope.render());
    }

    private boolean atBoundEnd() {
        return tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
    }

    Expression call(Expression callee) {
        return new CallExpression(callee, arguments());
    }

    private CallExpression.CallArguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression unpacked = null;
        Expression unpackedNames = null;
        tokens.expectOperator("(");
        while (!tokens.takeOperator(")")) {
            if (unpacked == null && unpackedNames == null && tokens.takeOperator("*")) {
                unpacked = expressions.expression();
            } else if (unpackedNames == null && tokens.takeOperator("**")) {
                unpackedNames = expressions.expression();
            } else if (unpackedNames == null
                    && tokens.peek().kind() == Kind.NAME
                    && tokens.peekSecond().isOperator("=")) {
                String name = tokens.take().text();
                tokens.take();
                if (named.put(name, expressions.expression()) != null) {
                    throw tokens.error("the argument " + name + " is given twice");
                }
            } else if (named.isEmpty() && unpacked == null && unpackedNames == null) {
                positional.add(expressions.expression());
            } else {
                throw tokens.unexpected("an argument with a name, as the one before");
            }
            if (!tokens.takeOperator(",") && !tokens.peek().isOperator(")")) {
                throw tokens.unexpected("',' or ')'");
            }
        }
        return new CallExpression.CallArguments(positional, named, unpacked, unpackedNames);
    }

    private CallExpression.CallArguments argumentsIfAny() {
        return tokens.peek().isOperator("(")
                ? arguments()
                : new CallExpression.CallArguments(List.of(), Map.of(), null, null);
    }

    /** Parses the filter after a {@code |}. */
    Expression filter(Expression value) {
        String name = tokens.peek().text();
        tokens.expect(Kind.NAME);
        CallExpression.CallArguments arguments = argumentsIfAny();
        return scope -> Filters.apply(name, value.eval(scope), arguments.eval(scope), scope.render());
    }

    /** Parses the test after an {@code is}. */
    Expression test(Expression value) {
        boolean wanted = !tokens.takeName("not");
        String name = tokens.peek().text();
        tokens.expect(Kind.NAME);
        CallExpression.CallArguments arguments;
        if (!tokens.peek().isOperator("(") && atTestArgument()) {
            if (tokens.peek().isName("is")) {
                throw tokens.error("two tests cannot be chained with 'is'");
            }
            arguments = new CallExpression.CallArguments(List.of(accesses(primary())), Map.of(), null, null);
        } else {
            arguments = argumentsIfAny();
        }
        return scope -> Tests.test(name, value.eval(scope), arguments.eval(scope), scope.render()) == wanted;
    }

    private boolean atTestArgument() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> !Set.of("else", "or", "and").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }
}
