using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>What may stand where in the configuration, read off the options records.</summary>
internal static class OptionsShape
{
    /// <summary>Settable members of a record by their JSON key, in order of declaration.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Members(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.Ordinal);

    /// <summary>The type without <c>Nullable</c>.</summary>
    public static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>True for a record with keys of its own, false for a value.</summary>
    public static bool IsSection(Type type) => Bare(type) is { IsClass: true } bare && bare != typeof(string) && !IsList(bare);

    public static bool IsList(Type type) => type != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type);

    /// <summary>The record that a list holds, or null: lists of values, and what is no list.</summary>
    public static Type? SectionOf(Type type) => IsList(Bare(type)) && Bare(type).GetGenericArguments() is [var element] && IsSection(element) ? element : null;

    /// <summary>The concrete record of a section, given what its JSON says of its kind; null when the kind is unknown.</summary>
    public static Type? Concrete(Type declared, JsonObject? json, object? defaultValue)
    {
        if (!declared.IsAbstract)
        {
            return declared;
        }

        return json?[OptionsJson.KindKey] is { } kind
            ? kind.GetValueKind() == JsonValueKind.String ? OptionKinds.Of(declared).GetValueOrDefault(kind.GetValue<string>()) : null
            : defaultValue?.GetType();
    }

    /// <summary>The value a record has before anything is set, or null when it has no parameterless constructor.</summary>
    public static object? Default(Type record) =>
        record.IsAbstract || record.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(record);

    /// <summary>What a value of this type looks like, for messages and the schema.</summary>
    public static string Describe(Type type)
    {
        var bare = Bare(type);
        return bare == typeof(bool) ? "true or false"
            : bare == typeof(int) || bare == typeof(long) || bare == typeof(ulong) || bare == typeof(Seed) ? "a whole number"
            : bare == typeof(double) || bare == typeof(float) ? "a number"
            : bare == typeof(string) ? "a text"
            : bare.IsEnum ? "one of " + string.Join(", ", EnumNames(bare))
            : IsList(bare) ? "a list"
            : "a section";
    }

    public static IReadOnlyList<string> EnumNames(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    public static string EnumName(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
