using System.Runtime.CompilerServices;
using TorchSharp;

namespace Agentic.Training.Tests;

/// <summary>Loads the native part before the first test touches a tensor, with few threads: the tests run side by side.</summary>
internal static class TorchSetup
{
    [ModuleInitializer]
    internal static void Load()
    {
        TorchNative.EnsureLoaded();
        torch.set_num_threads(2);
    }
}
