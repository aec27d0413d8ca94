using System.Reflection;
using System.Xml.Linq;
using Agentic.TestSupport;

namespace Agentic.Architecture.Tests;

public sealed class AssemblyTests
{
    [Theory]
    [InlineData("Retrieval")]
    [InlineData("Graph", "Retrieval")]
    [InlineData("Agent", "Retrieval")]
    [InlineData("Training", "Agent")]
    [InlineData("Cli", "Agent", "Graph", "Retrieval", "Training")]
    public void A_project_refers_to_its_allowed_neighbours_only(string project, params string[] allowed)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

        var referred = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
            .Order(StringComparer.Ordinal);

        Assert.Equal(allowed, referred);
    }

    [Theory]
    [InlineData("Agentic.Retrieval")]
    [InlineData("Agentic.Graph", "Agentic.Retrieval")]
    [InlineData("Agentic.Agent", "Agentic.Retrieval")]
    [InlineData("Agentic.Training", "Agentic.Agent", "Agentic.Retrieval")]
    public void A_compiled_library_uses_its_allowed_neighbours_only(string assembly, params string[] allowed)
    {
        var used = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Agentic.", StringComparison.Ordinal));

        Assert.Empty(used.Except(allowed));
    }

    [Fact]
    public void The_host_has_no_public_type()
    {
        Assert.Empty(Assembly.Load("agentic").GetExportedTypes());
    }

    [Fact]
    public void A_public_class_is_sealed_unless_inheritance_is_its_purpose()
    {
        // Exceptions are caught by their base; the rest of the bases are abstract.
        string[] designedForInheritance = ["AgenticException"];

        var open = Libraries.PublicTypes
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Select(type => type.Name)
            .Except(designedForInheritance);

        Assert.Empty(open);
    }
}
