package dev.upbeat.checkpoint.jinja;

import dev.upbeat.checkpoint.jinja.Expression.Attribute;
import dev.upbeat.checkpoint.jinja.Expression.Constant;
import dev.upbeat.checkpoint.jinja.Expression.Name;
import dev.upbeat.checkpoint.jinja.Token.Kind;
import dev.upbeat.checkpoint.jinja.Values.None;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What operators work on: names, literals, {@code . [] ()}, filters and tests. Filters, tests, methods and functions that
 * are not known are refused here, before anything is rendered.
 */
final class OperandParser {
    /** Names that mean in jinja2 what is not supported here. */
    private static final Set<String> REFUSED_NAMES = Set.of("self", "lipsum", "cycler", "joiner");

    private static final Set<String> NAMES_OF_MACROS = Set.of("caller", "varargs", "kwargs");

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final Map<String, Integer> calledNames = new LinkedHashMap<>();
    private final Set<String> variables = new HashSet<>();
    private final Set<String> keys = new HashSet<>();
    private boolean inMacro;

    OperandParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Names that are called as functions, with the line. */
    Map<String, Integer> calledNames() {
        return calledNames;
    }

    /** Names that are read as variables. */
    Set<String> variables() {
        return variables;
    }

    /** Attributes and strings: what a template may name a key by. */
    Set<String> keys() {
        return keys;
    }

    boolean inMacro() {
        return inMacro;
    }

    /** Whether the names that only a macro's body has are in scope. */
    void setInMacro(boolean newInMacro) {
        inMacro = newInMacro;
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
        if (REFUSED_NAMES.contains(name) || (inMacro && NAMES_OF_MACROS.contains(name))) {
            throw tokens.error("the name '" + name + "' is not supported");
        }
        tokens.take();
        return switch (name) {
            case "true", "True" -> new Constant(true);
            case "false", "False" -> new Constant(false);
            case "none", "None" -> new Constant(None.NONE);
            default -> {
                variables.add(name);
                yield new Name(name);
            }
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
            return scope -> Access.item(target.eval(scope), index);
        }
        tokens.expect(Kind.NAME);
        keys.add(token.text());
        return new Attribute(target, token.text());
    }

    private Expression subscript(Expression target) {
        Expression none = new Constant(None.NONE);
        Expression start = tokens.peek().isOperator(":") ? none : expressions.expression();
        if (tokens.takeOperator("]")) {
            return scope -> Access.item(target.eval(scope), start.eval(scope));
        }
        tokens.expectOperator(":");
        Expression stop = atBoundEnd() ? none : expressions.expression();
        Expression step = tokens.takeOperator(":") && !atBoundEnd() ? expressions.expression() : none;
        tokens.expectOperator("]");
        return scope -> Access.slice(target.eval(scope), start.eval(scope), stop.eval(scope), step.eval(scope));
    }

    private boolean atBoundEnd() {
        return tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
    }

    Expression call(Expression callee) {
        if (callee instanceof Name name) {
            calledNames.putIfAbsent(name.name(), tokens.peek().line());
        }
        if (callee instanceof Attribute method && !Methods.NAMES.contains(method.name())) {
            throw tokens.error("the method " + method.name() + "() is not supported: expected one of " + Methods.NAMES);
        }
        CallArguments arguments = arguments();
        return scope -> {
            Object function = callee.eval(scope);
            if (function instanceof Values.Function known) {
                return known.call(arguments.eval(scope), scope.render());
            }
            throw new TemplateError(Values.typeName(function) + " cannot be called");
        };
    }

    /** The expressions of a call's arguments. */
    private record CallArguments(List<Expression> positional, Map<String, Expression> named) {
        Arguments eval(Scope scope) {
            Map<String, Object> values = new LinkedHashMap<>();
            List<Object> first = ExpressionParser.values(positional, scope);
            named.forEach((name, value) -> values.put(name, value.eval(scope)));
            return new Arguments(first, values);
        }
    }

    private CallArguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        tokens.expectOperator("(");
        while (!tokens.takeOperator(")")) {
            if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
                throw tokens.error("unpacking arguments with '" + tokens.peek().text() + "' is not supported");
            }
            if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().isOperator("=")) {
                String name = tokens.take().text();
                tokens.take();
                if (named.put(name, expressions.expression()) != null) {
                    throw tokens.error("the argument " + name + " is given twice");
                }
            } else if (named.isEmpty()) {
                positional.add(expressions.expression());
            } else {
                throw tokens.unexpected("an argument with a name, as the one before");
            }
            if (!tokens.takeOperator(",") && !tokens.peek().isOperator(")")) {
                throw tokens.unexpected("',' or ')'");
            }
        }
        return new CallArguments(positional, named);
    }

    private CallArguments argumentsIfAny() {
        return tokens.peek().isOperator("(") ? arguments() : new CallArguments(List.of(), Map.of());
    }

    /** The filter after a {@code |}. */
    Expression filter(Expression value) {
        String name = tokens.peek().text();
        known(name, Filters::requireKnown);
        CallArguments arguments = argumentsIfAny();
        return scope -> Filters.apply(name, value.eval(scope), arguments.eval(scope), scope.render());
    }

    /** The test after an {@code is}. */
    Expression test(Expression value) {
        boolean wanted = !tokens.takeName("not");
        String name = tokens.peek().text();
        known(name, Tests::requireKnown);
        CallArguments arguments;
        if (!tokens.peek().isOperator("(") && atTestArgument()) {
            if (tokens.peek().isName("is")) {
                throw tokens.error("two tests cannot be chained with 'is'");
            }
            arguments = new CallArguments(List.of(accesses(primary())), Map.of());
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

    private void known(String name, Consumer<String> check) {
        if (tokens.peek().kind() == Kind.NAME) {
            try {
                check.accept(name);
            } catch (TemplateError e) {
                throw tokens.error(e.problem());
            }
        }
        tokens.expect(Kind.NAME);
    }
}
