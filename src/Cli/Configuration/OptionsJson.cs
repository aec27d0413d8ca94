using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Options records as JSON: camelCase keys, <c>kind</c> for abstract ones, kebab-case enum values; an unknown key is an error.</summary>
internal static class OptionsJson
{
    public const string KindKey = "kind";

    public static JsonSerializerOptions Serializer { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false), new SeedJson() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddKinds } },
    };

    private static void AddKinds(JsonTypeInfo info)
    {
        if (!info.Type.IsAbstract || info.Kind != JsonTypeInfoKind.Object || OptionKinds.Of(info.Type) is not { Count: > 0 } kinds)
        {
            return;
        }

        info.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = KindKey };
        foreach (var (kind, type) in kinds)
        {
            info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, kind));
        }
    }
}

/// <summary>A seed as its number.</summary>
internal sealed class SeedJson : JsonConverter<Seed>
{
    public override Seed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

    public override void Write(Utf8JsonWriter writer, Seed value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
