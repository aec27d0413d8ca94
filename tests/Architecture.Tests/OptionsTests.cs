using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Cli;

namespace Agentic.Architecture.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string> Records => [.. OptionKinds.All.Where(type => !type.IsAbstract).Select(type => type.FullName!)];

    public static TheoryData<string> Bases => [.. OptionKinds.All.Where(type => type is { IsAbstract: true, IsSealed: false }).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Records))]
    public void An_options_record_survives_JSON_and_has_a_default_for_everything(string name)
    {
        var type = Find(name);
        var defaults = Activator.CreateInstance(type)!;

        var json = JsonSerializer.Serialize(defaults, type, OptionsJson.Serializer);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type, OptionsJson.Serializer), type, OptionsJson.Serializer));
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize("{}", type, OptionsJson.Serializer), type, OptionsJson.Serializer));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void An_options_record_refuses_a_key_it_does_not_know(string name)
    {
        var json = new JsonObject { ["surelyUnknown"] = 1 };

        Assert.Throws<JsonException>(() => json.Deserialize(Find(name), OptionsJson.Serializer));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void An_option_can_only_be_set_when_the_record_is_made(string name)
    {
        var settable = Find(name).GetProperties()
            .Where(property => property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)));

        Assert.Empty(settable);
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void A_base_of_options_has_a_kind(string name)
    {
        Assert.NotEmpty(OptionKinds.Of(Find(name)));
    }

    private static Type Find(string name) => OptionKinds.All.Single(type => type.FullName == name);
}
